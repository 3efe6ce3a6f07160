import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('a version has its number once', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 13));
  const insert = () => db.exec(`INSERT INTO policyVersions VALUES (1, '', '', '', '{}', NULL)`);
  insert();
  expect(insert).toThrow('UNIQUE');
  db.close();
});
