// What is sealed beside a broker's row: how to log in to its target, what the last push wrote, and its probe account.

import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { BrokerTable, ProbeAccountRow } from '../rows.ts';
import type { Sealer } from '../sealing.ts';
import { sealedRows } from './sealed-rows.ts';
import { insertInto, mustChange } from './sql.ts';

type SealedColumn = 'targetSecret' | 'pushRecord';

const accountColumns = ['brokerId', 'plantId', 'passwordHash'] as const satisfies readonly (keyof ProbeAccountRow)[];

type BrokerSecrets = Pick<
  BrokerTable,
  | 'targetSecret'
  | 'putTargetSecret'
  | 'pushRecord'
  | 'putPushRecord'
  | 'probeAccount'
  | 'probePassword'
  | 'insertProbeAccount'
>;

export function brokerSecrets(db: Database, sealer: Sealer): BrokerSecrets {
  const brokers = sealedRows(db, sealer, 'brokers', []);
  const accounts = sealedRows<ProbeAccountRow>(db, sealer, 'probeAccounts', accountColumns);
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
  const account = accounts.select<[string]>('WHERE brokerId = ?');
  const insertAccount = db.prepare(insertInto('probeAccounts', [...accountColumns, 'password']));

  return {
    targetSecret: targetSecret.get,
    putTargetSecret: targetSecret.put,
    pushRecord: pushRecord.get,
    putPushRecord: pushRecord.put,
    probeAccount: (brokerId) => account.get(brokerId),
    probePassword: (brokerId) => {
      const password = accounts.secret(brokerId, 'password');
      if (password === undefined) {
        throw new ConsoleError('internal/unexpected', { because: 'this broker has no probe account' });
      }
      return password;
    },
    insertProbeAccount: (row, plain) => {
      const password = accounts.sealed(row.brokerId, 'password', plain);
      accounts.write(row.brokerId, () => insertAccount.run({ ...row, password }));
    },
  };
}
