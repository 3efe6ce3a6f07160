import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('what is known of a device goes with its plant, the hashes of a credential with it', () => {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  migrate(db, migrations.slice(0, 4));
  db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
      VALUES ('a', '', 'MTLS', 'a', 'ACTIVE', '', '');
    INSERT INTO credentials (credentialId, plantId, authMethod, state, createdAt) VALUES ('c', 'a', 'MTLS', 'active', '')`);
  migrate(db, migrations.slice(0, 5));
  db.exec(`INSERT INTO credentialFiles (credentialId, plantId, files, signingSecret) VALUES ('c', 'a', '[]', x'00');
    INSERT INTO deviceStates (plantId, outcome, files, previousKept) VALUES ('a', 'uncertain', '[]', 0)`);
  expect(() => db.exec(`UPDATE deviceStates SET outcome = 'other'`)).toThrow('CHECK');
  db.exec(`DELETE FROM plants`);
  for (const table of ['credentialFiles', 'deviceStates']) {
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  }
  db.close();
});
