// How every table reads and writes its rows: nothing is handed out whose seal does not fit (row-seals.ts), and nothing
// is sealed anew that did not fit before, or a harmless change would make somebody else's edit good.

import type { Database, RunResult } from 'better-sqlite3';
import { RowSeal, type SealedTable, type StoredRow, sealedTables } from '../row-seals.ts';
import type { Sealer } from '../sealing.ts';

type Select<Params extends unknown[], Row> = {
  get(...params: Params): Row | undefined;
  all(...params: Params): Row[];
};

/** Every method throws `vault/damaged` when it meets a row that was changed outside the console. */
export type SealedRows<Row> = {
  /** Rows by what follows `FROM table`: their columns of `Row`, none other. */
  select<Params extends unknown[]>(tail: string): Select<Params, Row>;
  /** Runs a statement that inserts or changes the row with this primary key and no other, and seals the row. */
  write(key: string, statement: () => RunResult): RunResult;
  /** `text` sealed for this column of this row. */
  sealed(key: string, column: string, text: string): Buffer;
  /** What is sealed in this column; undefined when that is nothing, or the row is not there. */
  secret(key: string, column: string): string | undefined;
};

export function sealedRows<Row extends object>(
  db: Database,
  sealer: Sealer,
  table: SealedTable,
  columns: readonly (keyof Row & string)[],
): SealedRows<Row> {
  const keyColumn = sealedTables[table];
  const seal = new RowSeal(db, sealer, table);
  const byKey = db.prepare<[string], StoredRow>(`SELECT * FROM ${table} WHERE ${keyColumn} = ?`);
  const setSeal = db.prepare(`UPDATE ${table} SET rowSeal = ? WHERE ${keyColumn} = ?`);

  const toRow = (stored: StoredRow): Row => {
    seal.check(stored);
    const row: Record<string, unknown> = {};
    for (const column of columns) row[column] = stored[column];
    return row as Row;
  };
  const find = (key: string): StoredRow | undefined => {
    const stored = byKey.get(key);
    if (stored) seal.check(stored);
    return stored;
  };
  const write = db.transaction((key: string, statement: () => RunResult): RunResult => {
    find(key);
    const result = statement();
    const written = byKey.get(key);
    if (written) setSeal.run(seal.of(written), key);
    return result;
  });

  return {
    select: <Params extends unknown[]>(tail: string) => {
      const statement = db.prepare<Params, StoredRow>(`SELECT * FROM ${table} ${tail}`);
      return {
        get: (...params: Params) => {
          const stored = statement.get(...params);
          return stored && toRow(stored);
        },
        all: (...params: Params) => statement.all(...params).map(toRow),
      };
    },
    write: (key, statement) => write(key, statement),
    sealed: (key, column, text) => sealer.seal({ table, row: key, column }, text),
    secret: (key, column) => {
      const value = find(key)?.[column];
      return value instanceof Buffer ? sealer.open({ table, row: key, column }, value) : undefined;
    },
  };
}
