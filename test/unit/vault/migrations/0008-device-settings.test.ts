import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate, migrations } from '../../../../electron/vault/migrations/migrate.ts';
import { Sealer } from '../../../../electron/vault/sealing.ts';
import { wrapDeviceLogins } from '../../../../electron/vault/wrap-device-logins.ts';

const plant = (id: string) => `INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
  VALUES ('${id}', '', 'MTLS', '${id}', 'PENDING', '', '')`;

/** A database of the version before, with a device of each kind of login. */
function before(sealer: Sealer): Database.Database {
  const db = new Database(':memory:');
  migrate(db, migrations.slice(0, 7));
  for (const [kind, secret] of [
    ['password', '{"login":1}'],
    ['privateKey', 'PEM'],
    ['agent', null],
  ] as const) {
    db.exec(plant(kind));
    db.prepare(
      `INSERT INTO devices (plantId, host, port, username, authentication, directory, updatedAt, loginSecret)
       VALUES (?, 'plc', 22, 'root', ?, '/etc/voke', '', ?)`,
    ).run(kind, kind, secret && sealer.seal({ table: 'devices', row: kind, column: 'loginSecret' }, secret));
  }
  return db;
}

test('devices from before log in as they did, with no rights and no host on the way', () => {
  const sealer = new Sealer(Buffer.alloc(32, 7));
  const db = before(sealer);
  migrate(db, migrations.slice(0, 8));
  wrapDeviceLogins(db, sealer);
  const secrets = db.prepare<[], { plantId: string; loginSecret: Buffer }>('SELECT * FROM devices').all();
  const open = ({ plantId, loginSecret }: (typeof secrets)[number]) =>
    JSON.parse(sealer.open({ table: 'devices', row: plantId, column: 'loginSecret' }, loginSecret));
  expect(Object.fromEntries(secrets.map((row) => [row.plantId, open(row)]))).toEqual({
    password: { login: { kind: 'password', password: '{"login":1}' } },
    privateKey: { login: { kind: 'privateKey', privateKeyPem: 'PEM' } },
    agent: { login: { kind: 'agent' } },
  });
  expect(db.prepare(`SELECT * FROM devices WHERE plantId = 'agent'`).get()).toMatchObject({
    transport: 'shell',
    rights: 'login',
    owner: null,
    restartCommand: null,
    jump: 'null',
    jumpHostKeyFingerprint: null,
    allowsLegacyAlgorithms: 0,
  });
  db.close();
});

test.each(['transport', 'rights', 'allowsLegacyAlgorithms'])('%s is one of those that there are', (column) => {
  const db = before(new Sealer(Buffer.alloc(32, 7)));
  migrate(db, migrations.slice(0, 8));
  expect(() => db.exec(`UPDATE devices SET ${column} = '7'`)).toThrow('CHECK');
  db.close();
});
