// A backup is one SQLite file: a copy page by page, sealed as the vault is. Before one replaces a vault it is proven whole.

import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';
import { inSlices } from '../platform/slices.ts';
import { openDatabase } from './database.ts';
import { toVaultFailure } from './failures.ts';
import { inspectVault } from './inspection.ts';
import type { KdfParameters } from './key-derivation.ts';
import type { Keyring } from './keyring.ts';
import { newestVersion } from './migrations/migrate.ts';
import { openVault } from './open-vault.ts';
import { checkAllRows } from './row-seals.ts';
import { Sealer } from './sealing.ts';
import { upgrade } from './upgrade.ts';

/** SQLite's own online backup, some pages at a time. Throws `vault/locked` when `db` is closed meanwhile. */
export async function copyDatabase(db: Database, target: string): Promise<void> {
  try {
    await db.backup(target);
  } catch (error) {
    throw db.open ? error : new ConsoleError('vault/locked', { cause: error });
  }
}

/** The key record of the file at `path` as a backup's. Throws `vault/backup-invalid` or `vault/newer-version`. */
export async function inspectBackup(path: string, leastKdf: KdfParameters): Promise<Keyring> {
  try {
    return await inspectVault(path, newestVersion(), leastKdf);
  } catch (error) {
    throw asInvalidBackup(error);
  }
}

/** Brings a backup to the newest schema, checks every row and reads its whole audit trail. Throws `vault/backup-invalid`. */
export async function prepareBackup(path: string, dataKey: Buffer): Promise<void> {
  const db = openDatabase(path);
  try {
    const sealer = new Sealer(dataKey);
    upgrade(db, sealer);
    await inSlices(checkAllRows(db, sealer));
    const broken = await openVault(db, sealer).audit.firstBroken();
    if (broken !== undefined) {
      throw new ConsoleError('vault/backup-invalid', { because: `its audit trail is broken at entry ${broken}` });
    }
  } catch (error) {
    throw asInvalidBackup(toVaultFailure(error));
  } finally {
    db.close();
  }
}

const asInvalidBackup = (error: unknown): unknown =>
  error instanceof ConsoleError && (error.code === 'vault/not-a-vault' || error.code === 'vault/damaged')
    ? new ConsoleError('vault/backup-invalid', { cause: error })
    : error;
