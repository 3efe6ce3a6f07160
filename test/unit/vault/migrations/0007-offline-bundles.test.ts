import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('a bundle belongs to a plant and a credential of it, and goes with them', () => {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  migrate(db, migrations.slice(0, 6));
  db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
      VALUES ('a', '', 'MTLS', 'a', 'ACTIVE', '', '');
    INSERT INTO credentials (credentialId, plantId, authMethod, state, createdAt) VALUES ('c', 'a', 'MTLS', 'active', '')`);
  migrate(db, migrations.slice(0, 7));
  const insert = (credentialId: string) =>
    db.exec(`INSERT INTO offlineBundles
      (bundleId, plantId, credentialId, fileName, sha256, directory, keyIsOnDevice, exportedAt, receiptSecret)
      VALUES ('b', 'a', '${credentialId}', '', '', '', 0, '', x'00')`);
  expect(() => insert('other')).toThrow('FOREIGN KEY');
  insert('c');
  db.exec('DELETE FROM plants');
  expect(db.prepare('SELECT count(*) FROM offlineBundles').pluck().get()).toBe(0);
  db.close();
});
