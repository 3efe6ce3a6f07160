// What the last push had to leave out of a broker. It holds until the next one, so it is told for as long.

import { tokenListenerLeftOut } from '../broker/render.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { OperationContext } from './context.ts';
import { readPushRecord } from './push-record.ts';

/** For whoever looks at the broker; empty before the first push. */
export function leftOutByLastPush({ vault }: OperationContext, broker: BrokerRow): string[] {
  if (broker.profile !== 'voke') return [];
  const record = readPushRecord(vault.brokers, broker.brokerId);
  return record?.tokenKeyIds === null ? [tokenListenerLeftOut(broker.ports)] : [];
}
