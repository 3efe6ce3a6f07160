import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('the record of a campaign outlives its plants; two approvers never differ by case alone', () => {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  migrate(db, migrations.slice(0, 9));
  db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
      VALUES ('a', '', 'MTLS', 'a', 'ACTIVE', '', '');
    INSERT INTO campaigns (campaignId, name, state, settings, createdBy, createdAt) VALUES ('c', '', '', '', '', '');
    INSERT INTO campaignPlants (campaignPlantId, campaignId, position, plantId, plantName, state, attempts)
      VALUES ('c:a', 'c', 0, 'a', '', '', 0);
    INSERT INTO approvers (name, verifier, createdAt) VALUES ('Ada', x'00', '');
    DELETE FROM plants`);
  const rows = () => db.prepare('SELECT count(*) FROM campaignPlants').pluck().get();
  expect(rows()).toBe(1);
  expect(() => db.exec(`INSERT INTO approvers (name, verifier, createdAt) VALUES ('ada', x'00', '')`)).toThrow(
    'UNIQUE',
  );
  db.exec('DELETE FROM campaigns');
  expect(rows()).toBe(0);
  db.close();
});
