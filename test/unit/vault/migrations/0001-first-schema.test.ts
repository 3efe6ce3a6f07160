import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { firstSchema } from '../../../../electron/vault/migrations/0001-first-schema.ts';
import { migrate } from '../../../../electron/vault/migrations/migrate.ts';

const migrated = (): Database.Database => {
  const db = new Database(':memory:');
  migrate(db, [firstSchema]);
  return db;
};

test('an empty database becomes version 1 with every table, all of them strict', () => {
  const db = migrated();
  expect(db.pragma('user_version', { simple: true })).toBe(1);
  const tables = db
    .prepare<[], { name: string; strict: number }>(
      `SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    .all();
  expect(tables.map((table) => table.name)).toEqual([
    'auditHead',
    'auditTrail',
    'authorities',
    'brokers',
    'certificates',
    'credentials',
    'devices',
    'keyring',
    'operations',
    'plants',
    'settings',
    'signingSecrets',
    'tokenKeys',
  ]);
  expect(tables.every((table) => table.strict === 1)).toBe(true);
  db.close();
});

test('the audit trail refuses to be changed, shortened or overwritten', () => {
  const db = migrated();
  const insert = (verb: string, sequence: number) =>
    db
      .prepare(
        `${verb} INTO auditTrail (sequence, at, actor, action, subject, details, hash) VALUES (?,'','','','','','')`,
      )
      .run(sequence);
  insert('INSERT', 1);
  insert('INSERT', 2);
  expect(() => db.exec(`UPDATE auditTrail SET actor = 'x'`)).toThrow('append-only');
  expect(() => db.exec('DELETE FROM auditTrail WHERE sequence = 2')).toThrow('append-only');
  expect(() => insert('REPLACE', 2)).toThrow('append-only');
  expect(() => insert('INSERT', 0)).toThrow('append-only');
  expect(db.prepare('SELECT count(*) FROM auditTrail').pluck().get()).toBe(2);
  db.close();
});

test('there is one key record and one active token key', () => {
  const db = migrated();
  expect(() => db.exec(`INSERT INTO keyring VALUES (2, 1, 1, 1, x'00', x'00', '')`)).toThrow('CHECK');
  const tokenKey = (keyId: string) => db.exec(`INSERT INTO tokenKeys VALUES ('${keyId}', '', 'active', '', x'00')`);
  tokenKey('a');
  expect(() => tokenKey('b')).toThrow('UNIQUE');
  db.close();
});
