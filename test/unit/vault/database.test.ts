import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createDatabase, openDatabase, readDatabase, removeDatabase } from '../../../electron/vault/database.ts';
import { vaultPath } from '../../support/vault.ts';

test('a vault is durable, exclusive, and leaves nothing readable behind', async () => {
  const path = await vaultPath();
  (await createDatabase(path)).close();
  const db = openDatabase(path);
  const full = 2;
  const inMemory = 2;
  const settings = {
    journal_mode: 'wal',
    locking_mode: 'exclusive',
    synchronous: full,
    foreign_keys: 1,
    secure_delete: 1,
    temp_store: inMemory,
    trusted_schema: 0,
  };
  for (const [name, value] of Object.entries(settings)) expect(db.pragma(name, { simple: true }), name).toBe(value);
  db.close();
});

test('an existing file is never taken for a new vault, nor a missing one made by opening it', async () => {
  const path = await vaultPath();
  expect(() => openDatabase(path)).toThrow();
  expect(existsSync(path)).toBe(false);
  (await createDatabase(path)).close();
  await expect(createDatabase(path)).rejects.toMatchObject({ code: 'EEXIST' });
});

test('a reader cannot write', async () => {
  const path = await vaultPath();
  (await createDatabase(path)).close();
  await expect(readDatabase(path, (db) => db.exec('CREATE TABLE t (x)'))).rejects.toMatchObject({
    code: 'SQLITE_READONLY',
  });
});

test('a database is removed with its log', async () => {
  const path = await vaultPath();
  const db = await createDatabase(path);
  db.exec('CREATE TABLE t (x)');
  expect(existsSync(`${path}-wal`)).toBe(true);
  if (process.platform === 'win32') db.close();
  await removeDatabase(path);
  expect([path, `${path}-wal`].filter((name) => existsSync(name))).toEqual([]);
  db.close();
});
