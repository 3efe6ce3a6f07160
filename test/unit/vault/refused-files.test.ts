// Files that are not opened, and what is never done to them: not one byte changes.

import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { systemClock } from '../../../electron/platform/clock.ts';
import { type KdfParameters, standardKdf } from '../../../electron/vault/key-derivation.ts';
import { newestVersion } from '../../../electron/vault/migrations/migrate.ts';
import { VaultFile } from '../../../electron/vault/vault.ts';
import { createVault, vaultFile, vaultPath } from '../../support/vault.ts';
import { testPassphrase } from '../../support/vault-constants.ts';
import { plantRow } from '../../support/vault-rows.ts';

/** The path of a closed vault with enough in it to have several pages of each kind. */
async function closedVault(): Promise<string> {
  const { file, vault, path } = await createVault();
  vault.transaction(() => {
    for (let i = 0; i < 300; i++) vault.plants.insert(plantRow(i.toString(16).padStart(4, '0')));
  });
  file.close();
  return path;
}

async function expectRefused(path: string, code: string, file: VaultFile = vaultFile(path)): Promise<void> {
  const folder = dirname(path);
  const snapshot = async () => {
    const names = (await readdir(folder)).filter((name) => !name.endsWith('.lock')).sort();
    return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(`${folder}/${name}`) })));
  };
  const before = await snapshot();
  await expect(file.unlock(testPassphrase)).rejects.toMatchObject({ code });
  await expect(file.backup()).rejects.toMatchObject({ code });
  expect(await snapshot()).toEqual(before);
  expect(file.state()).toBe('locked');
}

function edit(path: string, sql: string): void {
  const db = new Database(path);
  db.exec(sql);
  db.close();
}

test.each([
  ['an empty file', Buffer.alloc(0)],
  ['a short text', Buffer.from('SQLite format 3')],
  ['a long text', Buffer.alloc(10_000, 'hello ')],
])('%s is not a vault', async (_, bytes) => {
  const path = await vaultPath();
  await writeFile(path, bytes);
  await expectRefused(path, 'vault/not-a-vault');
});

test("another program's SQLite file is not a vault", async () => {
  const path = await vaultPath();
  edit(path, 'CREATE TABLE keyring (x); PRAGMA journal_mode = WAL;');
  await expectRefused(path, 'vault/not-a-vault');
});

test('a newer version is refused', async () => {
  const path = await closedVault();
  edit(path, 'PRAGMA user_version = 99');
  await expectRefused(path, 'vault/newer-version');
});

test('a newer version is also seen in a write-ahead log that was left behind, and the log is kept', async () => {
  const path = await closedVault();
  const copy = `${path}.crashed`;
  const db = new Database(path);
  db.pragma('user_version = 99');
  await copyFile(path, copy);
  await copyFile(`${path}-wal`, `${copy}-wal`);
  db.close();
  expect((await readFile(copy)).readUInt32BE(60)).toBe(newestVersion());
  await expectRefused(copy, 'vault/newer-version');
});

test('a vault cut short is damaged', async () => {
  const path = await closedVault();
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, 3 * 4096));
  await expectRefused(path, 'vault/damaged');
  await writeFile(path, bytes.subarray(0, 100));
  await expectRefused(path, 'vault/damaged');
});

test('a vault with an overwritten page is damaged', async () => {
  const path = await closedVault();
  const bytes = await readFile(path);
  const page = 4096 * Math.floor(bytes.indexOf('Plant 00ff') / 4096);
  bytes.fill(0xa5, page, page + 4096);
  await writeFile(path, bytes);
  await expectRefused(path, 'vault/damaged');
});

test('a vault without a key record is damaged', async () => {
  const path = await closedVault();
  edit(path, 'DELETE FROM keyring');
  await expectRefused(path, 'vault/damaged');
  edit(path, 'DROP TABLE keyring');
  await expectRefused(path, 'vault/damaged');
});

test.each(['memoryKib', 'passes', 'parallelism'] as const)(
  'a vault whose %s was lowered is damaged, by the minimum of the product',
  async (name) => {
    const path = await vaultPath();
    const file = vaultFile(path);
    await file.create(testPassphrase);
    file.close();
    const lowered: KdfParameters = { ...standardKdf, [name]: standardKdf[name] - 1 };
    const { memoryKib, passes, parallelism } = lowered;
    edit(path, `UPDATE keyring SET memoryKib = ${memoryKib}, passes = ${passes}, parallelism = ${parallelism}`);
    await expectRefused(path, 'vault/damaged', new VaultFile({ path, clock: systemClock }));
  },
);

test('a vault that asks for all the memory of the machine is damaged', async () => {
  const path = await closedVault();
  edit(path, 'UPDATE keyring SET memoryKib = 4294967295');
  await expectRefused(path, 'vault/damaged');
});

test('parameters that were edited within bounds do not open with the right passphrase', async () => {
  const path = await closedVault();
  edit(path, 'UPDATE keyring SET passes = passes + 1');
  await expect(vaultFile(path).unlock(testPassphrase)).rejects.toMatchObject({ code: 'vault/wrong-passphrase' });
});

test.each([
  [
    'a trigger more',
    `CREATE TRIGGER undo AFTER UPDATE ON plants BEGIN UPDATE plants SET status = 'ACTIVE' WHERE plantId = NEW.plantId; END`,
  ],
  ['a trigger less', 'DROP TRIGGER auditTrailKeepsRows'],
  ['a view in the place of a table', 'DROP TABLE withdrawals; CREATE VIEW withdrawals AS SELECT 1 AS plantId'],
  ['a view in the place of the key record', 'DROP TABLE keyring; CREATE VIEW keyring AS SELECT 1 AS id'],
  ['a table more', 'CREATE TABLE extra (x)'],
  ['an index more', 'CREATE INDEX extra ON plants (status)'],
  ['a column more', `ALTER TABLE plants ADD COLUMN extra TEXT AS (status)`],
])('a vault with %s is damaged', async (_, sql) => {
  const path = await closedVault();
  edit(path, sql);
  await expectRefused(path, 'vault/damaged');
});
