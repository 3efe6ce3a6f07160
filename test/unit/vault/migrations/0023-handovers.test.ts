import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('a record has its number once', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 23));
  const insert = (number: number) =>
    db.prepare(`INSERT INTO handovers VALUES (?, '', '', '', '{}', 1, '[]', '', 1, '', x'00', NULL)`).run(number);
  insert(1);
  expect(() => insert(1)).toThrow('UNIQUE');
  expect(() => insert(0)).toThrow('CHECK');
  db.close();
});
