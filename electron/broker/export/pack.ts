// A broker's files as one archive, for a broker that nobody can reach. Its contents are open to nobody but whoever
// unpacks it: it is the only way in which the broker's secrets leave the console as files.

import { packTar, type TarEntry } from 'modern-tar';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import type { BrokerLine } from '../../../shared/model/mosquitto/conf-options.ts';
import { privateDirectoryMode, privateFileMode } from '../../platform/files.ts';
import { randomHex } from '../../platform/random.ts';
import { renderInstallScript } from './install-script.ts';
import { composeName, dropInName, filesDirectory } from './names.ts';
import { renderCompose, renderDropIn, renderReadme, type TemplateValues } from './templates.ts';

export type BrokerExport = TemplateValues & {
  readonly files: BrokerFiles;
  readonly line: BrokerLine;
  readonly writtenAt: Date;
  /** What whoever installs it must know. */
  readonly notices: readonly string[];
};

/** A tar (POSIX.1-2001) of one directory. */
export async function packBrokerExport(input: BrokerExport): Promise<Uint8Array<ArrayBuffer>> {
  const writtenAt = input.writtenAt.toISOString();
  const root = rootName(input.brokerName);
  const templates = { [composeName]: await renderCompose(input), [dropInName]: await renderDropIn(input) } as const;
  const readme = await renderReadme(input, { line: input.line, writtenAt, notices: input.notices });
  const install = renderInstallScript({ ...input, templates, writtenAt, exportId: randomHex(8) });

  const entry = (name: string, content: string | Uint8Array, mode: number = privateFileMode): TarEntry => {
    const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { header: { name: `${root}/${name}`, size: body.length, mode, mtime: input.writtenAt, type: 'file' }, body };
  };
  const directory = (name: string): TarEntry => ({
    header: { name: `${root}/${name}`, size: 0, mode: privateDirectoryMode, mtime: input.writtenAt, type: 'directory' },
  });
  return packTar([
    directory(''),
    entry('README.txt', readme),
    entry('install.sh', install, 0o700),
    ...Object.entries(templates)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, content]) => [...(name === dropInName ? [directory('systemd/')] : []), entry(name, content)]),
    directory(`${filesDirectory}/`),
    ...input.files.map(({ name, content, mode }) => entry(`${filesDirectory}/${name}`, content, mode)),
  ]);
}

/** A name that every file system takes. */
export const rootName = (brokerName: string): string =>
  `voke-broker-${
    brokerName
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'files'
  }`;
