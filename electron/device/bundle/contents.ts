// What a bundle encrypts, as text that every shell handles alike: hex, base64 and words, no character that some `echo`
// reads as an escape. Nothing in it is run; the script around it reads its sections.
// The first line is the SHA-256 of all that follows. Who cannot read the rest cannot say what it would have to become.

import { createHash } from 'node:crypto';
import { symbolicMode } from '../../remote/shell/modes.ts';
import { plainName } from '../../remote/shell/script.ts';
import type { DeploymentFile } from '../files.ts';
import { sha256 } from '../install-script.ts';

export type BundleContents = {
  readonly files: readonly DeploymentFile[];
  /** Hex; the receipt's authenticator is made with it. */
  readonly receiptSecret: string;
};

/** Sections, each after a line `=name`: the receipt's secret, what the files must become, and each file. */
export function renderContents({ files, receiptSecret }: BundleContents): string {
  for (const { name } of files) plainName(name);
  const manifest = files.map(
    ({ name, content, mode }) =>
      `${name} ${sha256(content)} ${mode.toString(8).padStart(4, '0')} ${symbolicMode(mode)}\n`,
  );
  const sections = [
    `=receipt\n${receiptSecret}\n`,
    `=manifest\n${manifest.join('')}`,
    ...files.map(({ name, content }) => `=${name}\n${base64Lines(content)}`),
  ].join('');
  return `${createHash('sha256').update(sections).digest('hex')}\n${sections}`;
}

/** Short lines: some versions of `openssl base64 -d` read no others. */
const base64Lines = (content: string): string =>
  Buffer.from(content)
    .toString('base64')
    .replaceAll(/.{1,64}/g, '$&\n');
