// A password file that others write to as well. Their lines and all comments stay where they are; a line of the
// console's is renewed in its place or taken away; what is new comes at the end.

import { fileLines, linesPerStep, type Steps } from '../../../shared/model/mosquitto/fault.ts';
import { parsePasswdInSteps, passwdUsername } from '../../../shared/model/mosquitto/passwd.ts';
import { foreignFileInvalid, isHeading, type MergedText } from './foreign-file.ts';
import type { OwnedEntries } from './owned-entries.ts';

export function* mergePasswd(file: string, found: string, rendered: string, owned: OwnedEntries): Steps<MergedText> {
  const renderedLines = new Map(fileLines(rendered).map((line) => [passwdUsername(line), line]));
  const ownName = (line: string): string | undefined => {
    const name = passwdUsername(line)?.trim();
    return name !== undefined && (owned.usernames.has(name) || renderedLines.has(name)) ? name : undefined;
  };
  const lines = fileLines(found);
  const { faults } = yield* parsePasswdInSteps(found);
  for (const fault of faults) {
    if (ownName(lines[fault.line - 1] ?? '') === undefined) throw foreignFileInvalid(file, fault);
  }

  const merged: string[] = [];
  const kept: string[] = [];
  let hasComments = false;
  for (const [index, line] of lines.entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const name = ownName(line);
    if (name !== undefined) {
      const renewed = renderedLines.get(name);
      if (renewed !== undefined) merged.push(renewed);
      renderedLines.delete(name);
      continue;
    }
    if (isHeading(line)) continue;
    merged.push(line);
    const foreign = passwdUsername(line);
    if (foreign !== undefined) kept.push(`user ${foreign}`);
    else hasComments ||= line.startsWith('#');
  }
  if (kept.length === 0 && !hasComments) return { text: rendered, kept };
  merged.push(...renderedLines.values());
  return { text: merged.map((line) => `${line}\n`).join(''), kept };
}
