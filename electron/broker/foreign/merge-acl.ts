// An ACL file that others write to as well. The blocks of other users, their patterns and all comments stay where they
// are; the console's blocks are renewed in their place or taken away; what is new comes at the end.
// - A block of a user that the console ever managed is the console's, also where the register says nothing of it any
//   more: left alone, it would keep a right that was withdrawn.
// - Patterns in the plants' topic space are the console's: they bind everyone.

import { type AclRule, parseAclInSteps, splitAclLine } from '../../../shared/model/mosquitto/acl.ts';
import { fileLines, linesPerStep, type Steps } from '../../../shared/model/mosquitto/fault.ts';
import { plantTopicSpace } from '../../../shared/model/topics.ts';
import { foreignFileInvalid, isHeading, type MergedText, pushLine } from './foreign-file.ts';
import type { OwnedEntries } from './owned-entries.ts';

/** A rendered file taken apart. */
type Rendered = {
  readonly heading: readonly string[];
  readonly patterns: readonly string[];
  readonly blocks: ReadonlyMap<string, readonly string[]>;
};

export function* mergeAcl(file: string, found: string, rendered: string, owned: OwnedEntries): Steps<MergedText> {
  const own = yield* takeApart(rendered);
  const lines = fileLines(found);
  const { faults } = yield* parseAclInSteps(found);
  const faultAt = new Map(faults.map((fault) => [fault.line, fault]));
  const pending = new Map(own.blocks);
  const body: string[] = [];
  const kept: string[] = [];
  let hasComments = false;
  let inOwnBlock = false;

  for (const [index, raw] of lines.entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const line = splitAclLine(raw);
    const fault = faultAt.get(index + 1);
    const keep = (entry?: string) => {
      if (fault !== undefined) throw foreignFileInvalid(file, fault);
      pushLine(body, raw);
      if (entry !== undefined) kept.push(entry);
    };
    switch (line.word) {
      case 'none':
        if (isHeading(raw)) break;
        hasComments ||= raw.startsWith('#');
        keep();
        break;
      case 'user':
        inOwnBlock = owned.usernames.has(line.name) || own.blocks.has(line.name);
        if (!inOwnBlock) keep(`user ${line.name}`);
        else {
          const renewed = pending.get(line.name);
          pending.delete(line.name);
          if (renewed !== undefined) body.push(...renewed);
          else if (body.at(-1)?.trim() === '') body.pop();
        }
        break;
      case 'topic':
        if (!inOwnBlock) keep();
        break;
      case 'pattern':
        if (!isOwnPattern(line.rule)) keep('a pattern');
        break;
      case 'unknown':
        keep();
        break;
      default:
        line satisfies never;
    }
  }
  if (kept.length === 0 && !hasComments) return { text: rendered, kept };
  const text = [...own.heading, ...own.patterns, '', ...body];
  for (const block of pending.values()) text.push('', ...block);
  return { text: `${text.join('\n')}\n`, kept };
}

/** `rule` is what stands behind the word `pattern`. */
const isOwnPattern = (rule: string): boolean => {
  const topic: AclRule['topic'] = rule.split(/ +/).at(-1) ?? '';
  return topic.startsWith(plantTopicSpace);
};

function* takeApart(rendered: string): Steps<Rendered> {
  const heading: string[] = [];
  const patterns: string[] = [];
  const blocks = new Map<string, string[]>();
  let block: string[] | undefined;
  for (const [index, raw] of fileLines(rendered).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const line = splitAclLine(raw);
    switch (line.word) {
      case 'none':
        if (raw !== '') heading.push(raw);
        break;
      case 'pattern':
        patterns.push(raw);
        break;
      case 'user':
        block = [raw];
        blocks.set(line.name, block);
        break;
      default:
        block?.push(raw);
    }
  }
  return { heading, patterns, blocks };
}
