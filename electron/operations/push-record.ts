// What the last push wrote, kept sealed in the vault: with it the next one tells its own entries from somebody else's,
// shows line by line what was changed on the broker meanwhile, and knows which token keys the broker trusts.
// - Only files that others may write to are kept as a whole; of the others, the private key among them, a hash will do.
// - The files of ten thousand plants are megabytes of repetition, so they are compressed.

import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import type { BrokerFile, BrokerFiles } from '../../shared/model/broker-files.ts';
import type { LastPushed } from '../broker/drift.ts';
import { fileKind, isSecretFile } from '../broker/file-names.ts';
import { digestsByName } from '../platform/digest.ts';
import type { BrokerTable } from '../vault/rows/brokers.ts';

const fileSchema = z.object({ name: z.string(), mode: z.number().int(), content: z.string() });

const pushRecordSchema = z.object({
  pushId: z.string(),
  /** SHA-256 in hex, by file name. */
  digests: z.record(z.string(), z.string()),
  /** Base64 of the compressed JSON. */
  files: z.string(),
  /** Every username that the console ever wrote there. */
  usernames: z.array(z.string()),
  /** Of every listener that it ever wrote there. */
  ports: z.array(z.number().int()),
  /** Null where the token listener was left out. */
  tokenKeyIds: z.array(z.string()).nullable(),
  /** Whose certificates the broker takes, and who issued its own; null where it has no certificates. */
  authorityIds: z.array(z.string()).nullable().default(null),
  serverAuthorityId: z.string().nullable().default(null),
});
export type PushRecord = Readonly<z.infer<typeof pushRecordSchema>>;

export function readPushRecord(brokers: BrokerTable, brokerId: string): PushRecord | undefined {
  const text = brokers.pushRecord(brokerId);
  return text === undefined ? undefined : pushRecordSchema.parse(JSON.parse(text));
}

export const writePushRecord = (brokers: BrokerTable, brokerId: string, record: PushRecord): void =>
  brokers.putPushRecord(brokerId, JSON.stringify(record));

/** The parts of a record that describe files. */
export async function packFiles(files: BrokerFiles): Promise<Pick<PushRecord, 'digests' | 'files'>> {
  const shared = files
    .filter(({ name }) => fileKind(name) !== 'other')
    .map(({ name, mode, content }) => ({ name, mode, content: Buffer.from(content).toString('utf8') }));
  return {
    digests: await digestsByName(files),
    files: (await promisify(gzip)(JSON.stringify(shared))).toString('base64'),
  };
}

export async function unpackFiles({ digests, files }: Pick<PushRecord, 'digests' | 'files'>): Promise<LastPushed> {
  const json = (await promisify(gunzip)(Buffer.from(files, 'base64'))).toString('utf8');
  const unpacked: BrokerFile[] = z
    .array(fileSchema)
    .parse(JSON.parse(json))
    .map(({ name, mode, content }) => ({
      name,
      mode,
      content: Buffer.from(content, 'utf8'),
      secret: isSecretFile(name),
    }));
  return { digests, files: unpacked };
}
