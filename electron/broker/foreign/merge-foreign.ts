// What others wrote into the broker's files stays there: users and ACL entries that the console does not manage, and
// lines of mosquitto.conf that it does not write.

import { Buffer } from 'node:buffer';
import type { BrokerFile, BrokerFiles } from '../../../shared/model/broker-files.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { finish, type Steps } from '../../../shared/model/mosquitto/fault.ts';
import { viewOf } from '../../platform/bytes.ts';
import { fileKind } from '../file-names.ts';
import { foreignFileInvalid, type KeptEntry, type MergedText, type Refusal } from './foreign-file.ts';
import { mergeAcl } from './merge-acl.ts';
import { mergeConf } from './merge-conf.ts';
import { mergePasswd } from './merge-passwd.ts';
import type { OwnedEntries } from './owned-entries.ts';
import { countFeeds, type SharedEnds, sharedBlocks, sharedLines } from './shared-ends.ts';

export type MergedFiles = { readonly files: BrokerFiles; readonly kept: readonly KeptEntry[] };

/**
 * The rendered files with what others have in the found ones. Modes are the rendered ones.
 * @throws `broker/foreign-file-invalid` with `file` and `line`, where something that would have to stay is not read as
 * meant by brokers of this line. Entries that are renewed anyway may be damaged.
 */
export const mergeForeign = (
  found: BrokerFiles,
  rendered: BrokerFiles,
  owned: OwnedEntries,
  line: BrokerLine,
): MergedFiles => finish(mergeForeignInSteps(found, rendered, owned, line));

export function* mergeForeignInSteps(
  found: BrokerFiles,
  rendered: BrokerFiles,
  owned: OwnedEntries,
  line: BrokerLine,
): Steps<MergedFiles> {
  const foundFiles = new Map(found.map((file) => [file.name, file]));
  const kept: KeptEntry[] = [];
  const files: BrokerFile[] = [];
  for (const file of rendered) {
    const there = foundFiles.get(file.name);
    if (there === undefined || Buffer.compare(there.content, file.content) === 0) {
      files.push(file);
      continue;
    }
    const merged = yield* mergeFile(there, file, owned, line);
    files.push(merged === undefined ? file : { ...file, content: merged.content });
    kept.push(...(merged?.kept ?? []).map((entry) => ({ file: file.name, entry })));
    yield;
  }
  return { files, kept };
}

type MergedFile = { readonly content: Uint8Array; readonly kept: readonly string[] };

/** Undefined for a file in which nobody else has anything, or may have. */
function* mergeFile(
  { name, content }: BrokerFile,
  rendered: BrokerFile,
  owned: OwnedEntries,
  line: BrokerLine,
): Steps<MergedFile | undefined> {
  const [found, own] = [viewOf(content), viewOf(rendered.content)];
  switch (fileKind(name)) {
    case 'conf': {
      const part = new FilePart(name, found, own, { start: 0, end: 0 });
      return part.filled(mergeConf(part.found(), part.own(), owned, part.refusal, line), '');
    }
    case 'passwords': {
      const part = new FilePart(name, found, own, sharedLines(found, own));
      return part.filled(yield* mergePasswd(part.found(), part.own(), owned, part.refusal), '');
    }
    case 'acl': {
      const part = new FilePart(name, found, own, sharedBlocks(found, own));
      const merged = yield* mergeAcl(part.found(), part.own(), owned, part.refusal, part.before.includes('\nuser '));
      return part.filled(merged, '\n');
    }
    case 'other':
      return undefined;
  }
}

/** What of a file must be read: the part in which the found and the rendered one differ. */
class FilePart {
  readonly before: Buffer;
  readonly #name: string;
  readonly #found: Buffer;
  readonly #own: Buffer;
  readonly #after: Buffer;

  constructor(name: string, found: Buffer, own: Buffer, { start, end }: SharedEnds) {
    this.#name = name;
    this.before = found.subarray(0, start);
    this.#found = found.subarray(start, found.length - end);
    this.#own = own.subarray(start, own.length - end);
    this.#after = found.subarray(found.length - end);
  }

  readonly refusal: Refusal = ({ line, reason }) =>
    foreignFileInvalid(this.#name, { line: countFeeds(this.before) + line, reason });

  /** Throws `broker/foreign-file-invalid` where it is no text. */
  found(): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.#found);
    } catch {
      throw this.refusal({ line: lineOfBadText(this.#found), reason: 'the text is not UTF-8' });
    }
  }

  own(): string {
    return this.#own.toString('utf8');
  }

  /** The whole file again. `separator` stands between the part and what follows. */
  filled(merged: MergedText | undefined, separator: string): MergedFile | undefined {
    if (merged === undefined) return undefined;
    const text = this.#after.length === 0 ? merged.text : merged.text + separator;
    return { content: Buffer.concat([this.before, Buffer.from(text, 'utf8'), this.#after]), kept: merged.kept };
  }
}

/** The first line that is not UTF-8, counted from 1. */
function lineOfBadText(content: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < content.length; line++) {
    const feed = content.indexOf(0x0a, start);
    const end = feed === -1 ? content.length : feed + 1;
    try {
      decoder.decode(content.subarray(start, end));
    } catch {
      return line;
    }
    start = end;
  }
  return line;
}
