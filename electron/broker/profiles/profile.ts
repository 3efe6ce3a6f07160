// What the profiles have in common.

import { Buffer } from 'node:buffer';
import { posix, win32 } from 'node:path';
import type { BrokerFile, BrokerFiles } from '../../../shared/model/broker-files.ts';
import type { ConfOption } from '../../../shared/model/mosquitto/conf.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { privateFileMode } from '../../platform/files.ts';
import { isSecretFile } from '../file-names.ts';
import { headingMark } from '../foreign/foreign-file.ts';

export type RenderedProfile = {
  readonly files: BrokerFiles;
  /** What an operator must know about this rendering. */
  readonly notices: readonly string[];
};

/** On top of every file, as a comment. */
export const heading = [
  `${headingMark.slice(2)}, which renews its own entries at every push and leaves the others alone.`,
];

export function brokerFile(name: string, content: string | Uint8Array): BrokerFile {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return { name, content: bytes, mode: privateFileMode, secret: isSecretFile(name) };
}

/** Of a file in the broker's directory, as the broker's own system writes paths. */
export function pathIn(directory: string, name: string): string {
  const isWindows = win32.isAbsolute(directory) && !posix.isAbsolute(directory);
  return (isWindows ? win32 : posix).join(directory, name);
}

/** Keeps clients without a name out of a listener, in the words of the broker's line. */
export const anonymousOption = (line: BrokerLine): ConfOption => ({
  keyword: line === '2.1' ? 'listener_allow_anonymous' : 'allow_anonymous',
  value: 'false',
});
