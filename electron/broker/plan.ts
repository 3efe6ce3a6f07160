// What a push changes, file by file, and what each change needs. Mosquitto rereads passwords, ACLs, certificates and
// CRL at SIGHUP; its configuration and the options and keys of plugins only when it starts.

import { Buffer } from 'node:buffer';
import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFile, BrokerFiles, PushNeed } from '../../shared/model/broker-files.ts';
import { fileNames } from './file-names.ts';

const readAtStartOnly: readonly string[] = [fileNames.conf, fileNames.tokenKey];

/** What changes of these files need. */
export function needOf(names: readonly string[]): PushNeed {
  if (names.some((name) => readAtStartOnly.includes(name))) return 'restart';
  return names.length > 0 ? 'reload' : 'nothing';
}

type PlanEntry = PushPlan['files'][number];

/** Compares what is in force (undefined: nothing yet) with what shall be. */
export function planPush(
  current: BrokerFiles | undefined,
  next: BrokerFiles,
  notices: readonly string[] = [],
): PushPlan {
  const known = new Map((current ?? []).map((file) => [file.name, file]));
  const files = next.map((file) => planFile(known.get(file.name), file));
  const needs = (need: PushNeed) => files.some((entry) => entry.needs === need);
  return {
    files,
    needs: needs('restart') ? 'restart' : needs('reload') ? 'reload' : 'nothing',
    notices: [...notices],
  };
}

function planFile(known: BrokerFile | undefined, next: BrokerFile): PlanEntry {
  if (known === undefined) return { file: next.name, change: 'new', needs: 'restart' };
  const same = Buffer.compare(known.content, next.content) === 0 && known.mode === next.mode;
  if (same) return { file: next.name, change: 'same', needs: 'nothing' };
  return { file: next.name, change: 'changed', needs: readAtStartOnly.includes(next.name) ? 'restart' : 'reload' };
}
