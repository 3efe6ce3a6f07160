// What is sealed beside a broker's row: how to log in to its target, what the last push wrote, and the
// accounts that the console has on it.

import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { BrokerTable, ConsoleAccountRow, ProbeAccountRow } from '../rows/brokers.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange } from './sql.ts';

type SealedColumn = 'targetSecret' | 'pushRecord';

const probeColumns = ['brokerId', 'plantId', 'passwordHash'] as const satisfies readonly (keyof ProbeAccountRow)[];
const consoleColumns = ['brokerId', 'passwordHash'] as const satisfies readonly (keyof ConsoleAccountRow)[];

type BrokerSecrets = Pick<
  BrokerTable,
  | 'targetSecret'
  | 'putTargetSecret'
  | 'pushRecord'
  | 'putPushRecord'
  | 'probeAccount'
  | 'probePassword'
  | 'insertProbeAccount'
  | 'consoleAccount'
  | 'consolePassword'
  | 'insertConsoleAccount'
>;

export function brokerSecrets(db: Database, sealer: Sealer): BrokerSecrets {
  const brokers = sealedRows(db, sealer, 'brokers', []);
  const sealedText = (column: SealedColumn) => {
    const set = db.prepare(`UPDATE brokers SET ${column} = ? WHERE brokerId = ?`);
    return {
      get: (brokerId: string): string | undefined => brokers.secret(brokerId, column),
      put: (brokerId: string, text: string | undefined): void => {
        const sealed = text === undefined ? null : brokers.sealed(brokerId, column, text);
        mustChange(
          brokers.write(brokerId, () => set.run(sealed, brokerId)),
          'broker/not-found',
        );
      },
    };
  };
  const targetSecret = sealedText('targetSecret');
  const pushRecord = sealedText('pushRecord');
  const probe = accounts<ProbeAccountRow>(db, sealer, 'probeAccounts', probeColumns);
  const own = accounts<ConsoleAccountRow>(db, sealer, 'consoleAccounts', consoleColumns);

  return {
    targetSecret: targetSecret.get,
    putTargetSecret: targetSecret.put,
    pushRecord: pushRecord.get,
    putPushRecord: pushRecord.put,
    probeAccount: probe.get,
    probePassword: probe.password,
    insertProbeAccount: probe.insert,
    consoleAccount: own.get,
    consolePassword: own.password,
    insertConsoleAccount: own.insert,
  };
}

/** Accounts with a sealed password, one a broker. */
function accounts<Row extends { readonly brokerId: string }>(
  db: Database,
  sealer: Sealer,
  table: 'probeAccounts' | 'consoleAccounts',
  columns: readonly (keyof Row & string)[],
) {
  const rows = sealedRows<Row>(db, sealer, table, columns);
  const byBroker = rows.select<[string]>('WHERE brokerId = ?');
  const insert = db.prepare(insertInto(table, [...columns, 'password']));
  return {
    get: (brokerId: string): Row | undefined => byBroker.get(brokerId),
    password: (brokerId: string): string => {
      const password = rows.secret(brokerId, 'password');
      if (password === undefined) {
        throw new ConsoleError('internal/unexpected', { because: `this broker has no row in ${table}` });
      }
      return password;
    },
    insert: (row: Row, plain: string): void => {
      const password = rows.sealed(row.brokerId, 'password', plain);
      rows.write(row.brokerId, () => insert.run({ ...row, password }));
    },
  };
}
