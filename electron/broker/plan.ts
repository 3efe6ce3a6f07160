// What a push changes, file by file, and what each change needs. Mosquitto rereads passwords, ACLs, certificates and
// CRL at SIGHUP, and the JWT plugin its JWK set; its configuration and the options of plugins only when it starts.

import { Buffer } from 'node:buffer';
import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFile, BrokerFiles, PushNeed } from '../../shared/model/broker-files.ts';
import { finish } from '../../shared/model/mosquitto/fault.ts';
import { findDropped } from './dropped.ts';
import { fileNames } from './file-names.ts';

const readAtStartOnly: readonly string[] = [fileNames.conf, fileNames.tokenKey];

/** What changes of these files need. */
export function needOf(names: readonly string[]): PushNeed {
  if (names.some((name) => readAtStartOnly.includes(name))) return 'restart';
  return names.length > 0 ? 'reload' : 'nothing';
}

export type PlanEntry = PushPlan['files'][number];

/**
 * Compares what is in force (undefined: nothing yet) with what shall be. `pushed` names the files that the last push
 * wrote: of what is found and not pushed again, they are removed and the others left alone.
 */
export function planFiles(
  current: BrokerFiles | undefined,
  next: BrokerFiles,
  pushed: ReadonlySet<string> = new Set(),
): Pick<PushPlan, 'files' | 'needs'> {
  const known = new Map((current ?? []).map((file) => [file.name, file]));
  const nextNames = new Set(next.map(({ name }) => name));
  const files = next.map((file) => planFile(known.get(file.name), file, current === undefined));
  for (const { name } of current ?? []) {
    if (nextNames.has(name)) continue;
    files.push({ file: name, change: pushed.has(name) ? 'removed' : 'foreign', needs: 'nothing', diff: null });
  }
  const needs = (need: PushNeed) => files.some((entry) => entry.needs === need);
  return { files, needs: needs('restart') ? 'restart' : needs('reload') ? 'reload' : 'nothing' };
}

function planFile(known: BrokerFile | undefined, next: BrokerFile, isFirst: boolean): PlanEntry {
  const entry = (change: PlanEntry['change'], needs: PushNeed): PlanEntry => ({
    file: next.name,
    change,
    needs,
    diff: null,
  });
  if (known === undefined) return entry('new', isFirst ? 'restart' : needOf([next.name]));
  const same = Buffer.compare(known.content, next.content) === 0 && known.mode === next.mode;
  return same ? entry('same', 'nothing') : entry('changed', needOf([next.name]));
}

/** A plan without diffs and drift: enough to undo a push. */
export function planPush(
  current: BrokerFiles | undefined,
  next: BrokerFiles,
  notices: readonly string[] = [],
): PushPlan {
  const { files, needs } = planFiles(current, next);
  const dropped = finish(findDropped(current ?? [], next, needs));
  return { files, needs, dropped, kept: [], drift: [], notices: [...notices] };
}
