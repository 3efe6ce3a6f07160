import type { Buffer } from 'node:buffer';
import type { BrokerFile } from '../../../shared/model/broker-files.ts';
import { viewOf } from '../../platform/bytes.ts';
import { sha256Hex } from '../../platform/digest.ts';
import { fileKind } from '../file-names.ts';
import { unifiedDiff } from './unified-diff.ts';

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
  if (kind === 'other') return await otherDiff(before, after);
  return unifiedDiff(kind, contentOf(before), contentOf(after));
}

async function otherDiff(before: BrokerFile | undefined, after: BrokerFile | undefined): Promise<string> {
  const line = async (sign: string, file: BrokerFile | undefined) =>
    file === undefined ? '' : `${sign}${file.content.length} bytes, SHA-256 ${await sha256Hex(file.content)}\n`;
  const [old, now] = [await line('-', before), await line('+', after)];
  return old.slice(1) === now.slice(1) ? '' : `@@ the whole file @@\n${old}${now}`;
}

const contentOf = (file: BrokerFile | undefined): Buffer => viewOf(file?.content ?? new Uint8Array());
