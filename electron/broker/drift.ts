// What somebody changed on the broker since the last push, before anything is overwritten.

import type { DriftEntry } from '../../shared/model/broker.ts';
import type { BrokerFile, BrokerFiles } from '../../shared/model/broker-files.ts';
import { sha256Hex } from '../platform/digest.ts';
import { diffFile } from './diff/file-diff.ts';

/** What the last push of this console left on the broker. */
export type LastPushed = {
  /** SHA-256 in hex of each file, by its name. */
  readonly digests: Readonly<Record<string, string>>;
  /** The files themselves where they are still known: then drift can be shown line by line. */
  readonly files?: BrokerFiles;
};

/** By file; empty when the broker's files are as the last push left them. */
export async function findDrift(pushed: LastPushed, found: BrokerFiles): Promise<DriftEntry[]> {
  const foundFiles = new Map(found.map((file) => [file.name, file]));
  const pushedFiles = new Map((pushed.files ?? []).map((file) => [file.name, file]));
  const names = new Set([...Object.keys(pushed.digests), ...foundFiles.keys()]);
  const drift: DriftEntry[] = [];
  for (const name of [...names].sort()) {
    const file = foundFiles.get(name);
    const change = await changeOf(pushed.digests[name], file);
    if (change === undefined) continue;
    const before = pushedFiles.get(name);
    const isKnown = change === 'added' || before !== undefined;
    drift.push({ file: name, change, diff: isKnown ? await diffFile(name, before, file) : null });
  }
  return drift;
}

async function changeOf(
  digest: string | undefined,
  file: BrokerFile | undefined,
): Promise<DriftEntry['change'] | undefined> {
  if (digest === undefined) return 'added';
  if (file === undefined) return 'removed';
  return (await sha256Hex(file.content)) === digest ? undefined : 'changed';
}
