// The vault file: made, opened, locked, backed up, restored. The only place that knows its passphrase, for as long as a call.
// - Calls run one after the other. `lock` does not wait: whatever began before it ends with `vault/locked`.
// - A new or restored vault is built whole under another name and renamed into place; until then nothing has changed.
// - The file lock is held while the vault is open or being worked on; a locked vault is free for another console.

import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';
import { minPassphraseLength, type VaultState } from '../../shared/model/vault.ts';
import type { Clock } from '../platform/clock.ts';
import { makePrivateDirectory, privateFileMode, syncDirectory, writeFileAtomically } from '../platform/files.ts';
import { Mutex } from '../platform/mutex.ts';
import { inSlices } from '../platform/slices.ts';
import { copyDatabase, inspectBackup, prepareBackup } from './backup.ts';
import { createDatabase, openDatabase, readDatabase, removeDatabase } from './database.ts';
import { toVaultFailure } from './failures.ts';
import { acquireFileLock, type FileLock } from './file-lock.ts';
import { inspectVault } from './inspection.ts';
import { type KdfParameters, passphraseLongEnough, standardKdf } from './key-derivation.ts';
import { type Keyring, newDataKey, readKeyring, unwrapDataKey, wrapDataKey, writeKeyring } from './keyring.ts';
import { migrate, newestVersion } from './migrations/migrate.ts';
import { openVault } from './open-vault.ts';
import { PassphraseGate, type Sleep } from './passphrase-gate.ts';
import { keepReplaced } from './replaced-vault.ts';
import { checkAllRows } from './row-seals.ts';
import type { OpenVault } from './rows.ts';
import { Sealer } from './sealing.ts';
import { startAuditTrail } from './tables/audit-trail.ts';
import { upgrade } from './upgrade.ts';

export type VaultFileOptions = {
  readonly path: string;
  readonly clock: Clock;
  /** Told after every lock, asked for or not (a restore locks what it replaces). */
  readonly onLock?: () => void;
  readonly sleep?: Sleep;
  /** Cheap key derivation, so that tests are quick. Lowers what this instance writes and the least that it accepts. */
  readonly weakKdfForTestsOnly?: KdfParameters;
};

type Session = { readonly db: Database; readonly sealer: Sealer; readonly vault: OpenVault };

/** Reads what shall not be lost with a vault that is replaced. */
export type LookAtReplaced = (replaced: OpenVault) => Promise<void>;

export class VaultFile {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #onLock: () => void;
  readonly #kdf: KdfParameters;
  readonly #gate: PassphraseGate;
  readonly #turn = new Mutex();
  #session: Session | undefined;
  #fileLock: FileLock | undefined;
  #working = false;
  #timesLocked = 0;
  #closed = false;

  constructor({ path, clock, onLock, sleep, weakKdfForTestsOnly }: VaultFileOptions) {
    this.#path = path;
    this.#clock = clock;
    this.#onLock = onLock ?? (() => {});
    this.#kdf = weakKdfForTestsOnly ?? standardKdf;
    this.#gate = new PassphraseGate(sleep ?? ((milliseconds) => sleepFor(milliseconds)));
  }

  state(): VaultState {
    if (this.#session) return 'unlocked';
    return existsSync(this.#path) ? 'locked' : 'absent';
  }

  /** Makes an empty vault and opens it. Throws `vault/weak-passphrase`, `vault/exists`, `vault/in-use`, `vault/disk-full`. */
  create(passphrase: string): Promise<OpenVault> {
    return this.#inTurn(async (stillWanted) => {
      requireStrength(passphrase);
      if (existsSync(this.#path)) throw new ConsoleError('vault/exists');
      await makePrivateDirectory(dirname(this.#path));
      return this.#holdingFileLock(async () => {
        if (existsSync(this.#path)) throw new ConsoleError('vault/exists');
        const dataKey = newDataKey();
        const keyring = await wrapDataKey(dataKey, passphrase, this.#kdf, this.#clock.now());
        await this.#withTemporary(async (temporary) => {
          await buildVault(temporary, keyring, dataKey);
          stillWanted();
          await this.#putInPlace(temporary);
        });
        return this.#start(dataKey, stillWanted);
      });
    });
  }

  /**
   * Opens the vault; when it is open already, checks the passphrase all the same and gives the same open vault.
   * Throws `vault/absent`, `vault/in-use`, `vault/not-a-vault`, `vault/newer-version`, `vault/damaged`, and, ever later,
   * `vault/wrong-passphrase`. The file is not changed by any of them.
   */
  unlock(passphrase: string): Promise<OpenVault> {
    return this.#inTurn((stillWanted) =>
      this.#gate.attempt(async () => {
        if (this.#session) return this.#checked(this.#session, passphrase);
        if (!existsSync(this.#path)) throw new ConsoleError('vault/absent');
        return this.#holdingFileLock(async () => {
          const keyring = await inspectVault(this.#path, newestVersion(), this.#kdf);
          const dataKey = await unwrapDataKey(keyring, passphrase);
          stillWanted();
          return this.#start(dataKey, stillWanted);
        });
      }),
    );
  }

  /** Asks an open vault whether this is its passphrase. Throws `vault/locked` and, ever later, `vault/wrong-passphrase`. */
  async checkPassphrase(passphrase: string): Promise<void> {
    await this.#inTurn(() => this.#gate.attempt(async () => this.#checked(this.#requireSession(), passphrase)));
  }

  /** Wipes the key and closes the file, at once. The open vault that was handed out throws `vault/locked` from now on. */
  lock(): void {
    this.#timesLocked++;
    this.#endSession();
    if (!this.#working) this.#releaseFileLock();
  }

  /** Locks for good: whatever is asked after it throws `vault/locked`. */
  close(): void {
    this.#closed = true;
    this.lock();
  }

  /**
   * A consistent copy of the vault as the bytes of one file, made while others may go on writing; secrets stay sealed.
   * Throws `vault/absent`, `vault/in-use`, `vault/not-a-vault`, `vault/newer-version`, `vault/damaged`, `vault/disk-full`.
   */
  backup(): Promise<Uint8Array> {
    return this.#inTurn(() => {
      if (!existsSync(this.#path)) throw new ConsoleError('vault/absent');
      const session = this.#session;
      return this.#holdingFileLock(() =>
        this.#withTemporary(async (temporary) => {
          await writeFile(temporary, '', { flag: 'wx', mode: privateFileMode });
          if (session) {
            await copyDatabase(session.db, temporary);
          } else {
            await inspectVault(this.#path, newestVersion(), this.#kdf);
            await readDatabase(this.#path, (db) => copyDatabase(db, temporary));
          }
          return readFile(temporary);
        }),
      );
    });
  }

  /**
   * Puts a backup in the place of the current vault, if there is one, and opens it. `passphrase` is the backup's.
   * The backup is checked, opened and brought to the newest schema beside the vault first: on any failure the current
   * one stays. Since nobody is asked for the current one's passphrase, it is not lost either: it is kept beside as
   * `<vault>.replaced-<UTC time>`. Throws `vault/backup-invalid`, `vault/newer-version`, `vault/wrong-passphrase`, `vault/in-use`,
   * `vault/disk-full`.
   * `look` is shown the current one before, where it is open or opens with the same passphrase.
   */
  restore(bytes: Uint8Array, passphrase: string, look?: LookAtReplaced): Promise<OpenVault> {
    return this.#inTurn((stillWanted) =>
      this.#gate.attempt(async () => {
        await makePrivateDirectory(dirname(this.#path));
        return this.#holdingFileLock(async () => {
          const dataKey = await this.#withTemporary(async (temporary) => {
            await writeFileAtomically(temporary, bytes);
            const keyring = await inspectBackup(temporary, this.#kdf);
            const key = await unwrapDataKey(keyring, passphrase);
            await prepareBackup(temporary, key);
            if (look) await this.#showReplaced(passphrase, look);
            stillWanted();
            this.#endSession();
            await this.#putInPlace(temporary);
            return key;
          });
          return this.#start(dataKey, stillWanted);
        });
      }),
    );
  }

  /** A copy of it where it is locked: it is kept as it was, not brought to the newest schema. */
  async #showReplaced(passphrase: string, look: LookAtReplaced): Promise<void> {
    const copy = `${this.#path}.looked-at`;
    await removeDatabase(copy);
    try {
      if (this.#session) return await look(this.#session.vault);
      if (!existsSync(this.#path)) return;
      const dataKey = await unwrapDataKey(await inspectVault(this.#path, newestVersion(), this.#kdf), passphrase);
      await writeFile(copy, '', { flag: 'wx', mode: privateFileMode });
      await readDatabase(this.#path, (db) => copyDatabase(db, copy));
      await lookInto(copy, new Sealer(dataKey), look);
    } catch (error) {
      // A vault that cannot be opened is what a restore is for.
      if (!(toVaultFailure(error) instanceof ConsoleError)) throw error;
    } finally {
      await removeDatabase(copy);
    }
  }

  /**
   * Wraps the data key of the unlocked vault under another passphrase. Backups made before keep the old one.
   * Throws `vault/locked`, `vault/weak-passphrase`, `vault/wrong-passphrase`.
   */
  changePassphrase(oldPassphrase: string, newPassphrase: string): Promise<void> {
    return this.#inTurn((stillWanted) =>
      this.#gate.attempt(async () => {
        const session = this.#requireSession();
        requireStrength(newPassphrase);
        const dataKey = await unwrapDataKey(readKeyring(session.db, this.#kdf), oldPassphrase);
        const keyring = await wrapDataKey(dataKey, newPassphrase, this.#kdf, this.#clock.now());
        dataKey.fill(0);
        stillWanted();
        writeKeyring(session.db, keyring);
        // The old wrapping would still open with the old passphrase: overwrite it in the file and drop the log.
        session.db.pragma('wal_checkpoint(TRUNCATE)');
      }),
    );
  }

  /** Runs `work` after all earlier calls. Its argument throws `vault/locked` when the vault was locked since the call. */
  #inTurn<T>(work: (stillWanted: () => void) => Promise<T>): Promise<T> {
    const timesLocked = this.#timesLocked;
    const stillWanted = () => {
      if (this.#closed || timesLocked !== this.#timesLocked) throw new ConsoleError('vault/locked');
    };
    return this.#turn.run(async () => {
      if (this.#closed) throw new ConsoleError('vault/locked');
      try {
        return await work(stillWanted);
      } catch (error) {
        throw toVaultFailure(error);
      }
    });
  }

  #requireSession(): Session {
    if (!this.#session) throw new ConsoleError('vault/locked');
    return this.#session;
  }

  async #checked(session: Session, passphrase: string): Promise<OpenVault> {
    const dataKey = await unwrapDataKey(readKeyring(session.db, this.#kdf), passphrase);
    dataKey.fill(0);
    if (this.#session !== session) throw new ConsoleError('vault/locked');
    return session.vault;
  }

  async #holdingFileLock<T>(work: () => Promise<T>): Promise<T> {
    this.#fileLock ??= acquireFileLock(this.#path);
    this.#working = true;
    try {
      return await work();
    } finally {
      this.#working = false;
      if (!this.#session) this.#releaseFileLock();
    }
  }

  #releaseFileLock(): void {
    this.#fileLock?.release();
    this.#fileLock = undefined;
  }

  /** A name beside the vault, free before and after `work`. The file lock makes it ours, so a crash leaves one at most. */
  async #withTemporary<T>(work: (temporary: string) => Promise<T>): Promise<T> {
    const temporary = `${this.#path}.temporary`;
    await removeDatabase(temporary);
    try {
      return await work(temporary);
    } finally {
      await removeDatabase(temporary);
    }
  }

  /**
   * Renames `temporary` over the vault; one that was there is kept. Its write-ahead log must be gone by then:
   * SQLite would replay it into the new one.
   */
  async #putInPlace(temporary: string): Promise<void> {
    if (existsSync(`${this.#path}-wal`)) takeLogIn(this.#path);
    if (existsSync(this.#path)) await keepReplaced(this.#path, this.#clock.now());
    await rm(`${this.#path}-wal`, { force: true });
    await rename(temporary, this.#path);
    await syncDirectory(dirname(this.#path));
  }

  /** Opens the file once every row is known to be whole. Throws `vault/damaged`. */
  async #start(dataKey: Buffer, stillWanted: () => void): Promise<OpenVault> {
    const sealer = new Sealer(dataKey);
    let db: Database | undefined;
    try {
      db = openDatabase(this.#path);
      upgrade(db, sealer);
      await inSlices(checkAllRows(db, sealer));
      stillWanted();
      this.#session = { db, sealer, vault: openVault(db, sealer) };
      return this.#session.vault;
    } catch (error) {
      db?.close();
      sealer.destroy();
      throw error;
    }
  }

  #endSession(): void {
    const session = this.#session;
    if (!session) return;
    this.#session = undefined;
    session.sealer.destroy();
    session.db.close();
    this.#onLock();
  }
}

async function lookInto(path: string, sealer: Sealer, look: LookAtReplaced): Promise<void> {
  const db = openDatabase(path);
  try {
    upgrade(db, sealer);
    await look(openVault(db, sealer));
  } finally {
    db.close();
    sealer.destroy();
  }
}

function requireStrength(passphrase: string): void {
  if (!passphraseLongEnough(passphrase)) {
    throw new ConsoleError('vault/weak-passphrase', {
      fields: [{ field: 'passphrase', message: `must have at least ${minPassphraseLength} characters` }],
    });
  }
}

async function buildVault(path: string, keyring: Keyring, dataKey: Buffer): Promise<void> {
  const db = await createDatabase(path);
  try {
    migrate(db);
    writeKeyring(db, keyring);
    startAuditTrail(db, new Sealer(dataKey));
  } finally {
    db.close();
  }
}

/** Writes what a crash left in the write-ahead log into the vault at `path`; closing the last connection does it. */
function takeLogIn(path: string): void {
  try {
    openDatabase(path).close();
  } catch {
    // Too damaged to be opened. It is about to be replaced, which is what a restore is for.
  }
}
