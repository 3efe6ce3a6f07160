import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { firstSchema } from '../../../../electron/vault/migrations/0001-first-schema.ts';
import { brokerPushes } from '../../../../electron/vault/migrations/0002-broker-pushes.ts';
import { migrate } from '../../../../electron/vault/migrations/migrate.ts';

const plant = (id: string, status: string) =>
  `INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
   VALUES ('${id}', '', 'TOKEN', '${id}', '${status}', 'made', 'changed');`;

function migratedFromFirst(): Database.Database {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  migrate(db, [firstSchema]);
  db.exec(`
    INSERT INTO tokenKeys VALUES ('old', 'public old', 'retired', 'then', x'0a');
    INSERT INTO tokenKeys VALUES ('new', 'public new', 'active', 'now', x'0b');
    INSERT INTO brokers (brokerId, name, target, profile, host, subjectAltNames, ports, createdAt)
      VALUES ('b', 'B', '{}', 'voke', 'h', '[]', '{}', 'then');
    ${plant('gone', 'REVOKED')} ${plant('there', 'ACTIVE')}`);
  migrate(db, [firstSchema, brokerPushes]);
  return db;
}

test('keys, brokers and plants of version 1 are kept, sealed values untouched', () => {
  const db = migratedFromFirst();
  expect(db.pragma('user_version', { simple: true })).toBe(2);
  expect(db.prepare('SELECT keyId, state, privateKey FROM tokenKeys ORDER BY rowid').all()).toEqual([
    { keyId: 'old', state: 'retired', privateKey: Buffer.from([10]) },
    { keyId: 'new', state: 'active', privateKey: Buffer.from([11]) },
  ]);
  expect(db.prepare('SELECT hostKeys, crlNextUpdate, targetSecret, pushRecord FROM brokers').get()).toEqual({
    hostKeys: '{}',
    crlNextUpdate: null,
    targetSecret: null,
    pushRecord: null,
  });
  expect(db.prepare('SELECT plantId, revokedAt FROM plants ORDER BY plantId').all()).toEqual([
    { plantId: 'gone', revokedAt: 'changed' },
    { plantId: 'there', revokedAt: null },
  ]);
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
});

test('several token keys are trusted, one signs', () => {
  const db = migratedFromFirst();
  const insert = (keyId: string, state: string) =>
    db.exec(`INSERT INTO tokenKeys VALUES ('${keyId}', '', '${state}', '', x'00')`);
  insert('t1', 'trusted');
  insert('t2', 'trusted');
  expect(() => insert('a2', 'active')).toThrow('UNIQUE');
  expect(() => insert('x', 'lost')).toThrow('CHECK');
  db.close();
});

test('a probe account goes with its broker, the note of a token with its plant', () => {
  const db = migratedFromFirst();
  db.exec(`INSERT INTO probeAccounts VALUES ('b', 'p', 'hash', x'00');
    INSERT INTO tokenIssues VALUES ('there', 'new', '', '');
    DELETE FROM brokers; DELETE FROM plants;`);
  expect(db.prepare('SELECT count(*) FROM probeAccounts').pluck().get()).toBe(0);
  expect(db.prepare('SELECT count(*) FROM tokenIssues').pluck().get()).toBe(0);
  db.close();
});
