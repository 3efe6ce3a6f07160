// How a vault file is opened. SQLite gives -wal the mode of the file it belongs to (0600).
// - locking_mode EXCLUSIVE comes before anything else: the index of the write-ahead log then lives in memory,
//   there is no -shm file, and WAL also works where memory cannot be shared between machines.
// - wal_autocheckpoint at a quarter of the default: the log is taken in by the megabyte, so that no write waits for four.
// - temp_store MEMORY: nothing of a vault is spilled into the system's temporary folder.
// - trusted_schema OFF: a schema planted in the file may not call functions.

import { existsSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { privateFileMode } from '../platform/files.ts';

/** "Voke" in ASCII, in the header field that names what a SQLite file is for. */
export const applicationId = 0x566f6b65;

/** Opens an existing vault for reading and writing. */
export function openDatabase(path: string): Database.Database {
  const db = new Database(path, { fileMustExist: true, timeout: 0 });
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('wal_autocheckpoint = 250');
    db.pragma('foreign_keys = ON');
    db.pragma('secure_delete = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma('trusted_schema = OFF');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** An empty vault database at `path`, where nothing may be yet. */
export async function createDatabase(path: string): Promise<Database.Database> {
  await (await open(path, 'wx', privateFileMode)).close();
  const db = openDatabase(path);
  db.pragma(`application_id = ${applicationId}`);
  return db;
}

/**
 * Looks into a vault without changing a byte of it: a reader cannot take the write-ahead log in.
 * The index and the empty log that reading leaves behind are removed. The caller holds the vault's lock.
 */
export async function readDatabase<T>(path: string, read: (db: Database.Database) => T | Promise<T>): Promise<T> {
  const hadLog = existsSync(`${path}-wal`);
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    db.pragma('temp_store = MEMORY');
    db.pragma('trusted_schema = OFF');
    return await read(db);
  } finally {
    db.close();
    await rm(`${path}-shm`, { force: true });
    if (!hadLog && (await isEmptyFile(`${path}-wal`))) await rm(`${path}-wal`);
  }
}

/** Removes a database that is of no more use, with everything that SQLite may have put beside it. */
export async function removeDatabase(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(`${path}${suffix}`, { force: true });
}

const isEmptyFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.size === 0,
    () => false,
  );
