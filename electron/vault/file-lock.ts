// One console at a time. The lock is an exclusive SQLite transaction on an empty file beside the vault:
// - SQLite already does what each system needs (fcntl, LockFileEx) and also sees a second holder in this process;
// - the system drops it when the process dies, however it dies, so there is nothing stale to clean up;
// - it is not the vault itself, because a restore replaces that file while the lock must hold, and because POSIX drops
//   a process's locks on a file as soon as any code of that process closes any handle of it (close(2), fcntl(2)).
// The lock file stays, empty: removing it would let two consoles each lock a file of the same name.

import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';
import { privateFileMode } from '../platform/files.ts';
import { hasCode, isBusy } from './failures.ts';

export type FileLock = { release(): void };

/** Throws `vault/in-use` when another process, or another part of this one, holds the lock of the vault at `path`. */
export function acquireFileLock(path: string): FileLock {
  const lockPath = `${path}.lock`;
  createPrivately(lockPath);
  const db = new Database(lockPath, { timeout: 0 });
  try {
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw isBusy(error) ? new ConsoleError('vault/in-use', { cause: error }) : error;
  }
  return { release: () => db.close() };
}

/** With `wx` an existing file is never opened here, so no handle is closed that would drop its lock. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', privateFileMode));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}
