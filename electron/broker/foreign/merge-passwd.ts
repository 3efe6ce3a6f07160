// A password file that others write to as well. Their lines and all comments stay where they are; a line of the
// console's is renewed in its place or taken away; what is new comes at the end.

import { fileLines, linesPerStep, type Steps } from '../../../shared/model/mosquitto/fault.ts';
import { PasswdReader, passwdUsername } from '../../../shared/model/mosquitto/passwd.ts';
import { isHeading, type MergedText, type Refusal } from './foreign-file.ts';
import type { OwnedEntries } from './owned-entries.ts';

/** Undefined where nobody else wrote anything. */
export function* mergePasswd(
  found: string,
  rendered: string,
  owned: OwnedEntries,
  refusal: Refusal,
): Steps<MergedText | undefined> {
  const pending = new Map<string, string>();
  for (const line of fileLines(rendered)) pending.set(passwdUsername(line) ?? '', line);
  const foreign = new PasswdReader();
  const merged: string[] = [];
  const kept: string[] = [];
  let hasComments = false;
  yield;
  for (const [index, line] of fileLines(found).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const username = passwdUsername(line);
    const name = username?.trim() ?? '';
    if (username !== undefined && (pending.has(name) || owned.usernames.has(name))) {
      const renewed = pending.get(name);
      if (renewed !== undefined) merged.push(renewed);
      pending.delete(name);
      continue;
    }
    if (isHeading(line)) continue;
    foreign.read(line, index + 1);
    const [fault] = foreign.faults;
    if (fault !== undefined) throw refusal(fault);
    merged.push(line);
    if (username !== undefined) kept.push(`user ${username}`);
    else hasComments ||= line.startsWith('#');
  }
  if (kept.length === 0 && !hasComments) return undefined;
  merged.push(...pending.values());
  return { text: `${merged.join('\n')}\n`, kept };
}
