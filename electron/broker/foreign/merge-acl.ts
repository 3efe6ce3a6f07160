// An ACL file that others write to as well. The blocks of other users, their patterns and all comments stay where they
// are; the console's blocks are renewed in their place or taken away; what is new comes at the end.
// - A block of a user that the console ever managed is the console's, also where the register says nothing of it any
//   more: left alone, it would keep a right that was withdrawn.
// - Patterns in the plants' topic space are the console's: they bind everyone.
// - A file of ten thousand blocks is mostly what the last push wrote, so blocks that are as rendered are taken whole.

import { AclReader, splitAclLine } from '../../../shared/model/mosquitto/acl.ts';
import { linesPerStep, type Steps } from '../../../shared/model/mosquitto/fault.ts';
import { plantTopicSpace } from '../../../shared/model/topics.ts';
import { isHeading, type MergedText, pushLine, type Refusal } from './foreign-file.ts';
import type { OwnedEntries } from './owned-entries.ts';

const between = '\n\n';
const userWord = 'user ';
/** How many blocks are taken before others may run. */
const blocksPerStep = linesPerStep / 4;

/**
 * Undefined where nobody else wrote anything. `inOwnBlock`: a block of the console's stands before the part that is
 * read, so that rules at its beginning belong to it.
 */
export function* mergeAcl(
  found: string,
  rendered: string,
  owned: OwnedEntries,
  refusal: Refusal,
  inOwnBlock: boolean,
): Steps<MergedText | undefined> {
  const own = takeApart(rendered);
  yield;
  const merge = new AclMerge(own, owned, refusal, inOwnBlock);
  let number = 1;
  for (const [index, part] of found.split(between).entries()) {
    if (index % blocksPerStep === blocksPerStep - 1) yield;
    merge.take(part, number);
    number += countLines(part) + 1;
  }
  return merge.isAllOwn ? undefined : { text: merge.text(), kept: merge.kept };
}

/** A rendered file taken apart. */
type Rendered = {
  /** Comments and patterns. */
  readonly head: string;
  /** By username, each from its `user` line to its last rule. */
  readonly blocks: ReadonlyMap<string, string>;
};

function takeApart(rendered: string): Rendered {
  const blocks = new Map<string, string>();
  const head: string[] = [];
  for (const part of rendered.trim().split(between)) {
    if (part.startsWith(userWord)) blocks.set(usernameOf(part), part);
    else head.push(part);
  }
  return { head: head.join('\n'), blocks };
}

function usernameOf(block: string): string {
  const end = block.indexOf('\n');
  return block.slice(userWord.length, end === -1 ? undefined : end);
}

function countLines(text: string): number {
  let count = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

class AclMerge {
  readonly kept: string[] = [];
  readonly #own: Rendered;
  readonly #owned: OwnedEntries;
  readonly #refusal: Refusal;
  readonly #pending: Map<string, string>;
  readonly #body: string[] = [];
  /** Reads what others wrote, and nothing else. */
  readonly #foreign = new AclReader();
  #inOwnBlock: boolean;
  #hasComments = false;

  constructor(own: Rendered, owned: OwnedEntries, refusal: Refusal, inOwnBlock: boolean) {
    this.#own = own;
    this.#owned = owned;
    this.#refusal = refusal;
    this.#inOwnBlock = inOwnBlock;
    this.#pending = new Map(own.blocks);
  }

  get isAllOwn(): boolean {
    return this.kept.length === 0 && !this.#hasComments;
  }

  text(): string {
    while (this.#body.at(-1)?.trim() === '') this.#body.pop();
    const lines = this.#own.head === '' ? [] : [this.#own.head, ''];
    for (const line of this.#body) lines.push(line);
    for (const block of this.#pending.values()) lines.push('', block);
    return `${lines.join('\n')}\n`;
  }

  /** Lines of the found file up to an empty one; `number` is that of the first. */
  take(part: string, number: number): void {
    pushLine(this.#body, '');
    const name = part.startsWith(userWord) ? usernameOf(part) : undefined;
    if (name !== undefined && this.#pending.get(name) === part) {
      this.#inOwnBlock = true;
      this.#body.push(part);
      this.#pending.delete(name);
      return;
    }
    for (const [index, line] of part.split('\n').entries()) this.#takeLine(line, number + index);
  }

  #takeLine(raw: string, number: number): void {
    const line = splitAclLine(raw);
    switch (line.word) {
      case 'none':
        if (isHeading(raw)) break;
        this.#hasComments ||= raw.startsWith('#');
        this.#keep(raw, number);
        break;
      case 'user':
        this.#inOwnBlock = this.#owned.usernames.has(line.name) || this.#own.blocks.has(line.name);
        if (this.#inOwnBlock) this.#renew(line.name);
        else this.#keep(raw, number, `user ${line.name}`);
        break;
      case 'topic':
        if (!this.#inOwnBlock) this.#keep(raw, number);
        break;
      case 'pattern':
        if (!isOwnPattern(line.rule)) this.#keep(raw, number, 'a pattern');
        break;
      case 'unknown':
        this.#keep(raw, number);
        break;
      default:
        line satisfies never;
    }
  }

  #renew(username: string): void {
    const block = this.#pending.get(username);
    this.#pending.delete(username);
    if (block !== undefined) this.#body.push(block);
    else if (this.#body.at(-1)?.trim() === '') this.#body.pop();
  }

  #keep(raw: string, number: number, entry?: string): void {
    this.#foreign.read(raw, number);
    const [fault] = this.#foreign.faults;
    if (fault !== undefined) throw this.#refusal(fault);
    pushLine(this.#body, raw);
    if (entry !== undefined) this.kept.push(entry);
  }
}

/** `rule` is what stands behind the word `pattern`. */
const isOwnPattern = (rule: string): boolean => (rule.split(/ +/).at(-1) ?? '').startsWith(plantTopicSpace);
