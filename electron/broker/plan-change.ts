// What a set of files would change on a broker, as the operator is shown it before it is done: each file with its diff,
// secrets masked, and whose connection ends.

import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { inSlices } from '../platform/slices.ts';
import { diffFile } from './diff/file-diff.ts';
import type { LastPushed } from './drift.ts';
import { findDropped } from './dropped.ts';
import { planFiles } from './plan.ts';

/** `found`: in force on the broker, undefined where there is nothing yet. `connected`: usernames, where it can tell. */
export async function planChange(
  found: BrokerFiles | undefined,
  next: BrokerFiles,
  lastPushed: Pick<LastPushed, 'digests'> | undefined,
  connected: ReadonlySet<string> | undefined,
): Promise<Pick<PushPlan, 'files' | 'needs' | 'dropped'>> {
  const pushed = new Set(Object.keys(lastPushed?.digests ?? {}));
  const { files, needs } = planFiles(found, next, pushed);
  return {
    files: await withDiffs(files, found ?? [], next),
    needs,
    dropped: await inSlices(findDropped(found ?? [], next, needs, connected)),
  };
}

async function withDiffs(
  entries: PushPlan['files'],
  found: BrokerFiles,
  next: BrokerFiles,
): Promise<PushPlan['files']> {
  const [before, after] = [found, next].map((files) => new Map(files.map((file) => [file.name, file])));
  const diffed: PushPlan['files'] = [];
  for (const entry of entries) {
    const isUntouched = entry.change === 'same' || entry.change === 'foreign';
    const diff = isUntouched ? '' : await diffFile(entry.file, before?.get(entry.file), after?.get(entry.file));
    diffed.push({ ...entry, diff });
  }
  return diffed;
}
