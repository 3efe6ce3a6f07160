// What others wrote into the broker's files stays there: users and ACL entries that the console does not manage, and
// lines of mosquitto.conf that it does not write.

import { Buffer } from 'node:buffer';
import type { BrokerFile, BrokerFiles } from '../../../shared/model/broker-files.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { finish, type Steps } from '../../../shared/model/mosquitto/fault.ts';
import { fileKind } from '../file-names.ts';
import { foreignFileInvalid, type KeptEntry, type MergedText } from './foreign-file.ts';
import { mergeAcl } from './merge-acl.ts';
import { mergeConf } from './merge-conf.ts';
import { mergePasswd } from './merge-passwd.ts';
import type { OwnedEntries } from './owned-entries.ts';

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
    files.push(merged === undefined ? file : { ...file, content: Buffer.from(merged.text, 'utf8') });
    kept.push(...(merged?.kept ?? []).map((entry) => ({ file: file.name, entry })));
    yield;
  }
  return { files, kept };
}

/** Undefined for a file that belongs to the console as a whole. */
function* mergeFile(
  found: BrokerFile,
  rendered: BrokerFile,
  owned: OwnedEntries,
  line: BrokerLine,
): Steps<MergedText | undefined> {
  const ownText = Buffer.from(rendered.content).toString('utf8');
  switch (fileKind(found.name)) {
    case 'conf':
      return mergeConf(found.name, textOf(found), ownText, owned, line);
    case 'passwords':
      return yield* mergePasswd(found.name, textOf(found), ownText, owned);
    case 'acl':
      return yield* mergeAcl(found.name, textOf(found), ownText, owned);
    case 'other':
      return undefined;
  }
}

function textOf({ name, content }: BrokerFile): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    throw foreignFileInvalid(name, { line: lineOfBadText(content), reason: 'the text is not UTF-8' });
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
