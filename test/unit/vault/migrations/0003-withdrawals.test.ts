import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { firstSchema } from '../../../../electron/vault/migrations/0001-first-schema.ts';
import { brokerPushes } from '../../../../electron/vault/migrations/0002-broker-pushes.ts';
import { withdrawals } from '../../../../electron/vault/migrations/0003-withdrawals.ts';
import { migrate } from '../../../../electron/vault/migrations/migrate.ts';

test('plants that version 2 held muted stay muted, and remain so without their row', () => {
  const db = new Database(':memory:');
  migrate(db, [firstSchema, brokerPushes]);
  const plant = (id: string, authMethod: string, status: string) =>
    db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
      VALUES ('${id}', '', '${authMethod}', '${id}', '${status}', '', '')`);
  plant('token', 'TOKEN', 'REVOKED');
  plant('certificate', 'MTLS', 'REVOKED');
  plant('password', 'PASSWORD', 'REVOKED');
  plant('live', 'TOKEN', 'ACTIVE');
  migrate(db, [firstSchema, brokerPushes, withdrawals]);
  db.exec('DELETE FROM plants');
  expect(db.prepare('SELECT plantId FROM withdrawals ORDER BY plantId').pluck().all()).toEqual([
    'certificate',
    'token',
  ]);
  db.close();
});
