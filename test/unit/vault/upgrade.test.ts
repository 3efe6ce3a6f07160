// Vaults that were made before rows had seals get them at their first unlock, once and for all.

import { rename } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { systemClock } from '../../../electron/platform/clock.ts';
import { createDatabase } from '../../../electron/vault/database.ts';
import { newDataKey, wrapDataKey, writeKeyring } from '../../../electron/vault/keyring.ts';
import { migrate, migrations, newestVersion } from '../../../electron/vault/migrations/migrate.ts';
import { Sealer } from '../../../electron/vault/sealing.ts';
import { createVault, vaultFile, vaultPath } from '../../support/vault.ts';
import { testPassphrase, weakKdf } from '../../support/vault-constants.ts';
import { deviceRow, moment, plantId, plantRow } from '../../support/vault-rows.ts';

const damaged = expect.objectContaining({ code: 'vault/damaged' });
const a = plantId('a');
const wrappedLogin = JSON.stringify({ login: { kind: 'password', password: 'login' } });

/** The path of a closed vault as a console of this version left it, with a device and a broker that have secrets. */
async function oldVault(version: number): Promise<string> {
  const path = await vaultPath();
  const db = await createDatabase(path);
  migrate(db, migrations.slice(0, version));
  const dataKey = newDataKey();
  writeKeyring(db, await wrapDataKey(dataKey, testPassphrase, weakKdf, systemClock.now()));
  const sealer = new Sealer(dataKey);
  const head = JSON.stringify({ sequence: 0, hash: '0'.repeat(64) });
  db.prepare('INSERT INTO auditHead VALUES (1, ?)').run(
    sealer.seal({ table: 'auditHead', row: '1', column: 'head' }, head),
  );
  db.prepare(`INSERT INTO plants (plantId, name, authMethod, username, status, createdAt, updatedAt)
    VALUES (?, 'Plant a', 'MTLS', ?, 'PENDING', ?, ?)`).run(a, a, moment, moment);
  db.prepare(`INSERT INTO devices VALUES (?, 'plc.example', 22, 'root', 'password', '/etc/voke', 'pinned', ?, ?)`).run(
    a,
    moment,
    sealer.seal({ table: 'devices', row: a, column: 'loginSecret' }, 'login'),
  );
  db.close();
  return path;
}

function edit(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

test.each([1, 2, 3])('a vault of version %i is sealed at its first unlock', async (version) => {
  const path = await oldVault(version);
  const file = vaultFile(path);
  for (let time = 1; time <= 2; time++) {
    const vault = await file.unlock(testPassphrase);
    expect(vault.plants.get(a)).toEqual(plantRow('a'));
    expect(vault.devices.get(a)).toEqual(deviceRow({ hostKeyFingerprint: 'pinned' }));
    expect(vault.devices.loginSecret(a)).toBe(wrappedLogin);
    expect(await vault.audit.firstBroken()).toBeUndefined();
    file.lock();
  }
  edit(path, `UPDATE devices SET host = 'attacker.example'`);
  await expect(file.unlock(testPassphrase)).rejects.toThrow(damaged);
});

test('a backup of version 3 is restored, and sealed', async () => {
  const bytes = await vaultFile(await oldVault(3)).backup();
  const { file } = await createVault();
  const restored = await file.restore(bytes, testPassphrase);
  expect(restored.devices.loginSecret(a)).toBe(wrappedLogin);
});

/** The same content in a file of version 3, as somebody would write it who wants to be rid of the seals. */
async function setBack(path: string): Promise<void> {
  const older = `${path}.older`;
  const db = await createDatabase(older);
  migrate(db, migrations.slice(0, 3));
  db.prepare('ATTACH ? AS newer').run(path);
  for (const table of ['keyring', 'auditHead', 'plants', 'devices']) {
    const columns = db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table).join(', ');
    db.exec(`INSERT INTO main.${table} (${columns}) SELECT ${columns} FROM newer.${table}`);
  }
  db.close();
  await rename(older, path);
}

test.each([
  ['edited', `UPDATE devices SET host = 'attacker.example'`],
  ['and its audit head removed', 'DELETE FROM auditHead'],
])('a sealed vault that is set back to version 3, %s, is damaged and stays so', async (_, sql) => {
  const path = await oldVault(3);
  const file = vaultFile(path);
  await file.unlock(testPassphrase);
  file.lock();
  await setBack(path);
  edit(path, sql);
  for (let time = 1; time <= 2; time++) await expect(file.unlock(testPassphrase)).rejects.toThrow(damaged);
  const db = new Database(path);
  expect(db.pragma('user_version', { simple: true })).toBe(3);
  db.close();
});

test('an audit entry before the first, in a vault that could still hold one, is found', async () => {
  const path = await oldVault(3);
  edit(path, `INSERT INTO auditTrail VALUES (0, '', 'forged', '', '', '{}', '')`);
  await expect(vaultFile(path).unlock(testPassphrase)).rejects.toThrow(damaged);
  expect(newestVersion()).toBeGreaterThan(3);
});
