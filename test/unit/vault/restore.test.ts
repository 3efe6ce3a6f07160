import { existsSync } from 'node:fs';
import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { VaultFile } from '../../../electron/vault/vault.ts';
import { createVault, vaultFile, vaultPath } from '../../support/vault.ts';
import { testPassphrase } from '../../support/vault-constants.ts';
import { moment, plantRow } from '../../support/vault-rows.ts';

const audited = { at: moment, actor: 'tester', action: 'plant.create', subject: 'a', details: {} };
const otherPassphrase = 'another long passphrase';

test('a backup of an open vault restores on another machine, with its audit head', async () => {
  const { file, vault } = await createVault();
  vault.plants.insert(plantRow('a'));
  vault.signingSecrets.set(plantRow('a').plantId, 'secret', moment);
  vault.audit.append(audited);
  const bytes = await file.backup();
  vault.settings.set('later', 'than the backup');

  const path = await vaultPath();
  const elsewhere = vaultFile(path);
  const restored = await elsewhere.restore(bytes, testPassphrase);
  expect(elsewhere.state()).toBe('unlocked');
  expect(restored.plants.list().items).toEqual([plantRow('a')]);
  expect(restored.signingSecrets.get(plantRow('a').plantId)).toBe('secret');
  expect(restored.audit.head()).toBe(vault.audit.head());
  expect(await restored.audit.firstBroken()).toBeUndefined();
  expect(restored.settings.get('later')).toBeUndefined();
  if (process.platform !== 'win32') {
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  }
});

test('a locked vault can be backed up, and stays as it is', async () => {
  const { file, vault, path } = await createVault();
  vault.plants.insert(plantRow('a'));
  file.lock();
  const before = await readFile(path);
  const bytes = await file.backup();
  expect(file.state()).toBe('locked');
  expect(await readFile(path)).toEqual(before);
  expect((await readdir(dirname(path))).sort()).toEqual(['console.vault', 'console.vault.lock']);
  const restored = await vaultFile(await vaultPath()).restore(bytes, testPassphrase);
  expect(restored.plants.list().total).toBe(1);
});

test('writing goes on while a backup is made', async () => {
  const { file, vault } = await createVault();
  vault.settings.set('large', 'x'.repeat(4_000_000));
  const copying = file.backup();
  let writes = 0;
  let done = false;
  const finished = copying.finally(() => {
    done = true;
  });
  while (!done) {
    vault.settings.set('counter', String(++writes));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const restored = await vaultFile(await vaultPath()).restore(await finished, testPassphrase);
  expect(restored.settings.get('large')).toHaveLength(4_000_000);
  expect(writes).toBeGreaterThan(1);
});

test('it replaces the current vault, whose open tables are locked', async () => {
  let locks = 0;
  const path = await vaultPath();
  const file = vaultFile(path, { onLock: () => locks++ });
  const before = await file.create(testPassphrase);
  before.settings.set('which', 'first');
  const bytes = await file.backup();
  before.settings.set('which', 'second');

  const after = await file.restore(bytes, testPassphrase);
  expect(locks).toBe(1);
  expect(() => before.settings.get('which')).toThrow(expect.objectContaining({ code: 'vault/locked' }));
  expect(after.settings.get('which')).toBe('first');
  file.lock();
  expect((await file.unlock(testPassphrase)).settings.get('which')).toBe('first');
});

test('a locked vault that is replaced is kept beside it, with what a crash left in its log', async () => {
  const { file, vault, path } = await createVault();
  vault.settings.set('which', 'crashed');
  const crashed = `${path}.crashed`;
  await copyFile(path, crashed);
  await copyFile(`${path}-wal`, `${crashed}-wal`);
  file.close();
  const { file: stranger } = await createVault();
  await stranger.changePassphrase(testPassphrase, otherPassphrase);
  const bytes = await stranger.backup();

  const clock = { now: () => new Date('2031-05-06T07:08:09.010Z') };
  for (const kept of ['', '-2']) {
    const replaced = vaultFile(crashed, { clock });
    await replaced.restore(bytes, otherPassphrase);
    replaced.close();
    const keptPath = `${crashed}.replaced-20310506T070809.010Z${kept}`;
    if (process.platform !== 'win32') expect((await stat(keptPath)).mode & 0o777).toBe(0o600);
    expect(existsSync(`${keptPath}-wal`)).toBe(false);
  }
  const kept = vaultFile(`${crashed}.replaced-20310506T070809.010Z`);
  expect((await kept.unlock(testPassphrase)).settings.get('which')).toBe('crashed');
});

test("the backup's own passphrase is asked for", async () => {
  const { file, vault } = await createVault();
  vault.settings.set('which', 'backup');
  const bytes = await file.backup();
  await file.changePassphrase(testPassphrase, otherPassphrase);
  await expectKept(file, bytes, otherPassphrase, 'vault/wrong-passphrase');
  expect((await file.restore(bytes, testPassphrase)).settings.get('which')).toBe('backup');
});

test('whatever is wrong with a backup, the current vault is kept', async () => {
  const { file, vault } = await createVault();
  for (let i = 0; i < 200; i++) vault.plants.insert(plantRow(i.toString(16).padStart(4, '0')));
  vault.audit.append(audited);
  vault.audit.append(audited);
  const good = await file.backup();

  const overwritten = Buffer.from(good);
  const page = 4096 * Math.floor(overwritten.indexOf('Plant 0080') / 4096);
  overwritten.fill(0xa5, page, page + 4096);
  await expectKept(file, Buffer.from('no backup'), testPassphrase, 'vault/backup-invalid');
  await expectKept(file, new Uint8Array(), testPassphrase, 'vault/backup-invalid');
  await expectKept(file, good.subarray(0, 8192), testPassphrase, 'vault/backup-invalid');
  await expectKept(file, overwritten, testPassphrase, 'vault/backup-invalid');
  await expectKept(file, await edited(good, 'PRAGMA user_version = 99'), testPassphrase, 'vault/newer-version');
  await expectKept(file, await edited(good, 'DELETE FROM auditHead'), testPassphrase, 'vault/backup-invalid');
  const trigger = `CREATE TRIGGER auditTrailLosesNoRows BEFORE DELETE ON auditTrail
    BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;`;
  const cutShort = `DROP TRIGGER auditTrailLosesNoRows; DELETE FROM auditTrail WHERE sequence = 2; ${trigger}`;
  await expectKept(
    file,
    await edited(good, 'DROP TRIGGER auditTrailLosesNoRows'),
    testPassphrase,
    'vault/backup-invalid',
  );
  await expectKept(file, await edited(good, cutShort), testPassphrase, 'vault/backup-invalid');
  expect((await file.restore(good, testPassphrase)).plants.list().total).toBe(200);
});

test('a restore that is overtaken by a lock changes nothing', async () => {
  const { file, vault } = await createVault();
  const bytes = await file.backup();
  vault.settings.set('which', 'current');
  const restoring = file.restore(bytes, testPassphrase);
  file.lock();
  await expect(restoring).rejects.toMatchObject({ code: 'vault/locked' });
  expect((await file.unlock(testPassphrase)).settings.get('which')).toBe('current');
});

test('what a crash left in the log of the replaced vault does not reach the restored one', async () => {
  const { file, vault, path } = await createVault();
  vault.settings.set('which', 'backup');
  const bytes = await file.backup();
  vault.settings.set('which', 'crashed');
  const crashed = `${path}.crashed`;
  await copyFile(path, crashed);
  await copyFile(`${path}-wal`, `${crashed}-wal`);

  const other = vaultFile(crashed);
  expect((await other.restore(bytes, testPassphrase)).settings.get('which')).toBe('backup');
  other.lock();
  expect((await other.unlock(testPassphrase)).settings.get('which')).toBe('backup');
});

test('it also replaces a vault that is too damaged to be opened, with the log that lies beside it', async () => {
  const { file, vault, path } = await createVault();
  vault.settings.set('which', 'backup');
  const bytes = await file.backup();
  vault.settings.set('which', 'crashed');
  const damaged = `${path}.damaged`;
  await writeFile(damaged, 'rubble');
  await copyFile(`${path}-wal`, `${damaged}-wal`);

  const other = vaultFile(damaged);
  await expect(other.unlock(testPassphrase)).rejects.toMatchObject({ code: 'vault/not-a-vault' });
  expect((await other.restore(bytes, testPassphrase)).settings.get('which')).toBe('backup');
  const names = (await readdir(dirname(damaged))).filter((name) => name.includes('.damaged.replaced-'));
  expect(names.map((name) => name.endsWith('-wal')).sort()).toEqual([false, true]);
});

async function expectKept(file: VaultFile, bytes: Uint8Array, passphrase: string, code: string): Promise<void> {
  const vault = await file.unlock(testPassphrase).catch(() => file.unlock(otherPassphrase));
  vault.settings.set('kept', code);
  await expect(file.restore(bytes, passphrase)).rejects.toMatchObject({ code });
  expect(vault.settings.get('kept')).toBe(code);
}

/** `bytes` after somebody went over them with another SQLite program. */
async function edited(bytes: Uint8Array, sql: string): Promise<Uint8Array> {
  const path = await vaultPath();
  await writeFile(path, bytes);
  const db = new Database(path);
  db.exec(sql);
  db.close();
  return readFile(path);
}
