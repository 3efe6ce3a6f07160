import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';

test('a broker from before has no console account; one that is made goes with its broker', () => {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  migrate(db, migrations.slice(0, 5));
  db.exec(`INSERT INTO brokers (brokerId, name, target, profile, host, subjectAltNames, ports, createdAt)
    VALUES ('b', 'B', '{}', 'voke', '', '[]', '{}', '')`);
  migrate(db, migrations.slice(0, 6));
  const count = () => db.prepare('SELECT count(*) FROM consoleAccounts').pluck().get();
  expect(count()).toBe(0);
  db.exec(`INSERT INTO consoleAccounts (brokerId, passwordHash, password) VALUES ('b', '$7$', x'00')`);
  expect(() =>
    db.exec(`INSERT INTO consoleAccounts (brokerId, passwordHash, password) VALUES ('other', '$7$', x'00')`),
  ).toThrow('FOREIGN KEY');
  db.exec('DELETE FROM brokers');
  expect(count()).toBe(0);
  db.close();
});
