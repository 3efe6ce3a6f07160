// What is sealed beside a broker's row: how to log in to its target, what the last push wrote, and its probe account.

import type { Database } from 'better-sqlite3';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { BrokerTable, ProbeAccountRow } from '../rows.ts';
import type { Place, Sealer } from '../sealing.ts';
import { insertInto, mustChange, selectFrom } from './sql.ts';

type SealedColumn = 'targetSecret' | 'pushRecord';

const accountColumns = ['brokerId', 'plantId', 'passwordHash'] as const satisfies readonly (keyof ProbeAccountRow)[];

const place = (row: string, column: SealedColumn): Place => ({ table: 'brokers', row, column });
const passwordPlace = (row: string): Place => ({ table: 'probeAccounts', row, column: 'password' });

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
  const sealedText = (column: SealedColumn) => {
    const get = db.prepare<[string], Buffer | null>(`SELECT ${column} FROM brokers WHERE brokerId = ?`).pluck();
    const set = db.prepare(`UPDATE brokers SET ${column} = ? WHERE brokerId = ?`);
    return {
      get: (brokerId: string): string | undefined => {
        const sealed = get.get(brokerId);
        return sealed ? sealer.open(place(brokerId, column), sealed) : undefined;
      },
      put: (brokerId: string, text: string | undefined): void =>
        mustChange(
          set.run(text === undefined ? null : sealer.seal(place(brokerId, column), text), brokerId),
          'broker/not-found',
        ),
    };
  };
  const targetSecret = sealedText('targetSecret');
  const pushRecord = sealedText('pushRecord');
  const account = db.prepare<[string], ProbeAccountRow>(
    `${selectFrom('probeAccounts', accountColumns)} WHERE brokerId = ?`,
  );
  const password = db.prepare<[string], Buffer>('SELECT password FROM probeAccounts WHERE brokerId = ?').pluck();
  const insertAccount = db.prepare(insertInto('probeAccounts', [...accountColumns, 'password']));

  return {
    targetSecret: targetSecret.get,
    putTargetSecret: targetSecret.put,
    pushRecord: pushRecord.get,
    putPushRecord: pushRecord.put,
    probeAccount: (brokerId) => account.get(brokerId),
    probePassword: (brokerId) => {
      const sealed = password.get(brokerId);
      if (!sealed) throw new ConsoleError('internal/unexpected', { because: 'this broker has no probe account' });
      return sealer.open(passwordPlace(brokerId), sealed);
    },
    insertProbeAccount: (row, plain) => {
      insertAccount.run({ ...row, password: sealer.seal(passwordPlace(row.brokerId), plain) });
    },
  };
}
