// What the last push wrote, kept sealed in the vault: with it the next one tells its own entries from somebody else's,
// sees what was changed on the broker meanwhile, and knows which token keys the broker trusts.

import { z } from 'zod';
import type { BrokerTable } from '../vault/rows.ts';

const pushRecordSchema = z.object({
  pushId: z.string(),
  /** SHA-256 in hex, by file name. */
  hashes: z.record(z.string(), z.string()),
  /** Every username that the console ever wrote there. */
  usernames: z.array(z.string()),
  /** Of every listener that it ever wrote there. */
  ports: z.array(z.number().int()),
  /** Null where the token listener was left out. */
  tokenKeyIds: z.array(z.string()).nullable(),
});
export type PushRecord = Readonly<z.infer<typeof pushRecordSchema>>;

export function readPushRecord(brokers: BrokerTable, brokerId: string): PushRecord | undefined {
  const text = brokers.pushRecord(brokerId);
  return text === undefined ? undefined : pushRecordSchema.parse(JSON.parse(text));
}

export const writePushRecord = (brokers: BrokerTable, brokerId: string, record: PushRecord): void =>
  brokers.putPushRecord(brokerId, JSON.stringify(record));
