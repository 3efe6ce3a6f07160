import type { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { BrokerFile } from '../../../shared/model/broker-files.ts';
import { viewOf } from '../../platform/bytes.ts';
import { fileKind } from '../file-names.ts';
import { unifiedDiff } from './unified-diff.ts';

/** SHA-256 in hex: what a push remembers of a file, to see later whether somebody else wrote it. */
export const fileDigest = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/**
 * How a file changes, secrets masked. Of certificates, keys and lists only that they differ: their text tells nobody
 * anything, and a private key's nobody should see.
 */
export async function diffFile(
  name: string,
  before: BrokerFile | undefined,
  after: BrokerFile | undefined,
): Promise<string> {
  const kind = fileKind(name);
  if (kind === 'other') return otherDiff(before, after);
  return unifiedDiff(kind, contentOf(before), contentOf(after));
}

function otherDiff(before: BrokerFile | undefined, after: BrokerFile | undefined): string {
  const line = (sign: string, file: BrokerFile | undefined) =>
    file === undefined ? '' : `${sign}${file.content.length} bytes, SHA-256 ${fileDigest(file.content)}\n`;
  const [old, now] = [line('-', before), line('+', after)];
  return old.slice(1) === now.slice(1) ? '' : `@@ the whole file @@\n${old}${now}`;
}

const contentOf = (file: BrokerFile | undefined): Buffer => viewOf(file?.content ?? new Uint8Array());
