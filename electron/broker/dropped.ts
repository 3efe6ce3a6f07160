// Which connected clients a push drops: at a restart all of them; at a reload those whose line in a password file
// changed or went away.

import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerFile, BrokerFiles, PushNeed } from '../../shared/model/broker-files.ts';
import { fileLines, linesPerStep, type Steps } from '../../shared/model/mosquitto/fault.ts';
import { passwdUsername } from '../../shared/model/mosquitto/passwd.ts';
import { fileKind } from './file-names.ts';

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

function* changedUsers(current: BrokerFiles, next: BrokerFiles): Steps<string[]> {
  const nextFiles = new Map(next.map((file) => [file.name, file]));
  const changed = new Set<string>();
  for (const file of current) {
    if (fileKind(file.name) !== 'passwords') continue;
    const after = yield* userLines(nextFiles.get(file.name));
    const before = yield* userLines(file);
    for (const [username, line] of before) if (after.get(username) !== line) changed.add(username);
  }
  return [...changed];
}

function* userLines(file: BrokerFile | undefined): Steps<Map<string, string>> {
  const lines = new Map<string, string>();
  for (const [index, raw] of fileLines(new TextDecoder('utf-8').decode(file?.content)).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const line = raw.trim();
    const username = passwdUsername(line)?.trim();
    if (username !== undefined) lines.set(username, line);
  }
  return lines;
}
