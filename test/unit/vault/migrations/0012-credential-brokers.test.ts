import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('of credentials from before it was not said which broker they are for', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 11));
  db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
      VALUES ('a', '', 'MTLS', 'a', 'ACTIVE', '', '');
    INSERT INTO credentials (credentialId, plantId, authMethod, state, createdAt) VALUES ('c', 'a', 'MTLS', 'active', '')`);
  migrate(db, migrations.slice(0, 12));
  expect(db.prepare('SELECT brokerId FROM credentials').pluck().get()).toBeNull();
  db.close();
});
