import { stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { acquireFileLock } from '../../../electron/vault/file-lock.ts';
import { vaultPath } from '../../support/vault.ts';

test('a second holder in the same process is refused until the first lets go', async () => {
  const path = await vaultPath();
  const first = acquireFileLock(path);
  for (let i = 0; i < 2; i++) {
    expect(() => acquireFileLock(path)).toThrow(expect.objectContaining({ code: 'vault/in-use' }));
  }
  first.release();
  acquireFileLock(path).release();
});

test('the lock file is private and stays empty', async () => {
  const path = await vaultPath();
  const lock = acquireFileLock(path);
  const found = await stat(`${path}.lock`);
  lock.release();
  expect(found.size).toBe(0);
  if (process.platform !== 'win32') expect(found.mode & 0o777).toBe(0o600);
});
