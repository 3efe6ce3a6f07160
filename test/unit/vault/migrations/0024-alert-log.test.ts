import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('the log is kept with the names of plants that are still there, and takes brokers that are away', () => {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 23));
  db.exec(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
    VALUES ('p', 'Pump', 'MTLS', 'p', 'ACTIVE', 'a', 'a')`);
  const insert = db.prepare(
    `INSERT INTO alerts VALUES (?, 'r', 'R', 'alarm', NULL, '', ?, 's', 'w', NULL, 'a', 'b', NULL, 2, NULL, NULL, NULL)`,
  );
  insert.run('1', 'p');
  insert.run('2', 'gone');
  migrate(db, migrations.slice(0, 24));
  expect(db.prepare('SELECT alertId, plantName, saidAt, count FROM alerts ORDER BY alertId').all()).toEqual([
    { alertId: '1', plantName: 'Pump', saidAt: null, count: 2 },
    { alertId: '2', plantName: null, saidAt: null, count: 2 },
  ]);
  const change = db.prepare('UPDATE alerts SET kind = ? WHERE alertId = 1');
  change.run('unreachable');
  expect(() => change.run('guess')).toThrow(/CHECK/);
  db.close();
});
