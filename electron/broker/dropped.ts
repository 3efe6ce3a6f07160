// Which connected clients a push drops: at a restart all of them; at a reload those whose line in a password file
// changed or went away.

import type { Buffer } from 'node:buffer';
import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFiles, PushNeed } from '../../shared/model/broker-files.ts';
import { fileLines, linesPerStep, type Steps } from '../../shared/model/mosquitto/fault.ts';
import { passwdUsername } from '../../shared/model/mosquitto/passwd.ts';
import { viewOf } from '../platform/bytes.ts';
import { fileKind } from './file-names.ts';
import { sharedLines } from './foreign/shared-ends.ts';

/** `connected`: the usernames that are connected now, where the broker can tell. */
export function* findDropped(
  current: BrokerFiles,
  next: BrokerFiles,
  needs: PushNeed,
  connected?: ReadonlySet<string>,
): Steps<PushPlan['dropped']> {
  switch (needs) {
    case 'nothing':
      return { who: 'nobody', usernames: [] };
    case 'restart':
      return { who: 'everyone', usernames: [...(connected ?? [])].sort() };
    case 'reload': {
      const changed = yield* changedUsers(current, next);
      const usernames = connected === undefined ? changed : changed.filter((name) => connected.has(name));
      return { who: usernames.length === 0 ? 'nobody' : 'users', usernames: usernames.sort() };
    }
  }
}

function* changedUsers(current: BrokerFiles, wanted: BrokerFiles): Steps<string[]> {
  const wantedFiles = new Map(wanted.map((file) => [file.name, file]));
  const changed: string[] = [];
  for (const { name, content } of current) {
    if (fileKind(name) !== 'passwords') continue;
    const [before, after] = [viewOf(content), viewOf(wantedFiles.get(name)?.content ?? new Uint8Array())];
    const { start, end } = sharedLines(before, after);
    const now = yield* userLines(after.subarray(start, after.length - end));
    const then = yield* userLines(before.subarray(start, before.length - end));
    for (const [username, line] of then) if (now.get(username) !== line) changed.push(username);
  }
  return changed;
}

function* userLines(part: Buffer): Steps<Map<string, string>> {
  const lines = new Map<string, string>();
  for (const [index, raw] of fileLines(part.toString('utf8')).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const line = raw.trim();
    const username = passwdUsername(line)?.trim();
    if (username !== undefined) lines.set(username, line);
  }
  return lines;
}
