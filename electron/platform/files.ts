// Files of the console hold secrets, so they are private from their first byte:
// created 0600 in directories 0700, written beside their place, synced, then renamed over it.
// A reader sees the old file whole or the new file whole.

import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export const privateFileMode = 0o600;
export const privateDirectoryMode = 0o700;

export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: privateDirectoryMode });
}

/** Replaces `path` by `content` as one step. Throws what the file system throws; nothing is left beside it then. */
export async function writeFileAtomically(
  path: string,
  content: string | Uint8Array,
  mode: number = privateFileMode,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Makes a rename durable. Windows has no directory handles to sync, and needs none. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
