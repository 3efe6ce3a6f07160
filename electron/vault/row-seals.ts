// Whoever can write to the vault file without knowing its passphrase must not be able to say where a login goes, which
// host key is trusted or who is revoked. So every row carries a seal: HMAC-SHA256, under a key of its own, over the name
// of its table and all its other columns by name. Of a sealed secret, nonce and tag stand for the whole, however long it
// is; a secret thereby belongs to the row it was stored with: beside another host or host key it is not handed out.
// - Every row is checked when the vault is opened (a row that a WHERE leaves out is never read later), and again
//   whenever it is read.
// - What seals cannot show: that a row is gone, and that a row is an older state of itself, put back from an older copy.
// - The audit trail has its own seal, the key record is bound to the passphrase.

import { timingSafeEqual } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../shared/model/errors.ts';
import { sealedName } from './aead.ts';
import type { Sealer } from './sealing.ts';

/** Every table whose rows are sealed, with its primary key. */
export const sealedTables = {
  alertRules: 'ruleId',
  alerts: 'alertId',
  approvers: 'name',
  authorities: 'authorityId',
  brokers: 'brokerId',
  campaignPlants: 'campaignPlantId',
  campaigns: 'campaignId',
  certificates: 'serialNumber',
  consoleAccounts: 'brokerId',
  credentialFiles: 'credentialId',
  credentialTrusts: 'credentialId',
  credentials: 'credentialId',
  crlParts: 'partId',
  deviceStates: 'plantId',
  devices: 'plantId',
  handovers: 'number',
  monitorSettings: 'brokerId',
  offlineBundles: 'bundleId',
  openCertificateRevocations: 'serialNumber',
  openRevocations: 'plantId',
  operations: 'operationId',
  plants: 'plantId',
  policyVersions: 'version',
  probeAccounts: 'brokerId',
  publishTemplates: 'templateId',
  recordings: 'recordingId',
  registerPages: 'pageId',
  settings: 'name',
  signingSecrets: 'plantId',
  tokenIssues: 'plantId',
  tokenKeys: 'keyId',
  withdrawals: 'plantId',
} as const;
export type SealedTable = keyof typeof sealedTables;

/** A row as it lies in the file, with every column. */
export type StoredRow = Readonly<Record<string, string | number | Buffer | null>>;

export class RowSeal {
  readonly #sealer: Sealer;
  readonly #table: SealedTable;
  readonly #columns: readonly string[];
  readonly #prefix: string;

  constructor(db: Database, sealer: Sealer, table: SealedTable) {
    this.#sealer = sealer;
    this.#table = table;
    this.#columns = columnsOf(db, table).filter((column) => column !== 'rowSeal');
    this.#prefix = JSON.stringify([table, this.#columns]);
  }

  of(row: StoredRow): Buffer {
    const values = this.#columns.map((column) => {
      const value = row[column];
      return value instanceof Buffer ? { sealed: sealedName(value) } : value;
    });
    return this.#sealer.authenticate(`${this.#prefix}${JSON.stringify(values)}`);
  }

  /** Throws `vault/damaged` when the row was not written by somebody who knew the passphrase. */
  check(row: StoredRow): void {
    const { rowSeal } = row;
    const expected = this.of(row);
    if (!(rowSeal instanceof Buffer) || rowSeal.length !== expected.length || !timingSafeEqual(rowSeal, expected)) {
      throw new ConsoleError('vault/damaged', { because: `a row of ${this.#table} was changed outside the console` });
    }
  }
}

/** Checks every row of every sealed table that this version of the file has; a step a row. Throws `vault/damaged`. */
export function* checkAllRows(db: Database, sealer: Sealer): Generator<undefined, void, undefined> {
  for (const table of tablesWithSeals(db)) {
    const seal = new RowSeal(db, sealer, table);
    for (const row of db.prepare<[], StoredRow>(`SELECT * FROM ${table}`).iterate()) {
      seal.check(row);
      yield;
    }
  }
}

/** Seals every row as it is. Only for a file whose rows are known to be whole, or were never sealed. */
export function sealAllRows(db: Database, sealer: Sealer): void {
  for (const table of tablesWithSeals(db)) {
    const key = sealedTables[table];
    const seal = new RowSeal(db, sealer, table);
    const write = db.prepare(`UPDATE ${table} SET rowSeal = ? WHERE ${key} = ?`);
    for (const row of db.prepare<[], StoredRow>(`SELECT * FROM ${table}`).all()) write.run(seal.of(row), row[key]);
  }
}

const tablesWithSeals = (db: Database): SealedTable[] =>
  sealedTableNames.filter((table) => columnsOf(db, table).includes('rowSeal'));

const sealedTableNames = Object.keys(sealedTables) as SealedTable[];

/** Sorted, so that it does not matter in which order columns came to be. */
const columnsOf = (db: Database, table: string): string[] =>
  db.prepare<[string], string>('SELECT name FROM pragma_table_info(?) ORDER BY name').pluck().all(table);
