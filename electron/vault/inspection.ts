// Whether a file is a vault that this console may open, answered without changing a byte of it.
// The SQLite header comes first (https://www.sqlite.org/fileformat.html, 1.3): application id at 68, user version at 60,
// both big-endian. A vault is created whole before it gets its name, so its application id is always in the header.

import { open } from 'node:fs/promises';
import { ConsoleError } from '../../shared/model/errors.ts';
import { applicationId, readDatabase } from './database.ts';
import { hasCode, toVaultFailure } from './failures.ts';
import type { KdfParameters } from './key-derivation.ts';
import { type Keyring, readKeyring } from './keyring.ts';
import { checkSchema } from './schema-check.ts';

const headerBytes = 100;
const magic = 'SQLite format 3\0';

/**
 * The key record of the vault at `path`. `knownVersion` is the newest schema that this console knows.
 * Throws `vault/not-a-vault`, `vault/newer-version` or `vault/damaged`. The caller holds the vault's lock.
 */
export async function inspectVault(path: string, knownVersion: number, leastKdf: KdfParameters): Promise<Keyring> {
  const header = await readHeader(path);
  if (header.toString('latin1', 0, 16) !== magic || header.readUInt32BE(68) !== applicationId) {
    throw new ConsoleError('vault/not-a-vault');
  }
  refuseNewer(header.readUInt32BE(60), knownVersion);
  try {
    return await readDatabase(path, (db) => {
      // The version again, with the write-ahead log: a newer console may have died before it took the log in.
      refuseNewer(Number(db.pragma('user_version', { simple: true })), knownVersion);
      checkSchema(db);
      if (db.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new ConsoleError('vault/damaged');
      return readKeyring(db, leastKdf);
    });
  } catch (error) {
    // A vault without the table that every version has.
    if (hasCode(error, 'SQLITE_ERROR')) throw new ConsoleError('vault/damaged', { cause: error });
    throw toVaultFailure(error);
  }
}

function refuseNewer(version: number, knownVersion: number): void {
  if (version > knownVersion) throw new ConsoleError('vault/newer-version', { details: { version, knownVersion } });
}

/** The first 100 bytes, zeros where the file is shorter. */
async function readHeader(path: string): Promise<Buffer> {
  const header = Buffer.alloc(headerBytes);
  const file = await open(path, 'r');
  try {
    await file.read(header, 0, headerBytes, 0);
  } catch (error) {
    if (!hasCode(error, 'EISDIR')) throw error;
  } finally {
    await file.close();
  }
  return header;
}
