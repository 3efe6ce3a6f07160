// A broker of the `celine` profile as one archive: its files, those of the policy service, and the service itself.

import { packTar, type TarEntry } from 'modern-tar';
import type { BrokerFiles } from '../../../../shared/model/broker-files.ts';
import { privateDirectoryMode, privateFileMode } from '../../../platform/files.ts';
import { composeName } from '../names.ts';
import { rootName } from '../pack.ts';
import { policyServiceSources } from './service-sources.ts';
import { type CelineTexts, renderCelineCompose, renderCelineReadme } from './texts.ts';

export type CelineArchive = Omit<CelineTexts, 'writtenAt'> & {
  readonly files: BrokerFiles;
  readonly policyFiles: BrokerFiles;
  readonly writtenAt: Date;
};

/** The service is read by whoever runs the container; it holds no secret. */
const sourceMode = 0o644;
const sourceDirectoryMode = 0o755;

/** A tar (POSIX.1-2001) of one directory. */
export async function packCelineExport(input: CelineArchive): Promise<Uint8Array<ArrayBuffer>> {
  const texts = { ...input, writtenAt: input.writtenAt.toISOString() };
  const root = rootName(input.settings.host);
  const mtime = input.writtenAt;
  const entry = (name: string, content: string | Uint8Array, mode: number): TarEntry => {
    const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    return { header: { name: `${root}/${name}`, size: body.length, mode, mtime, type: 'file' }, body };
  };
  const directory = (name: string, mode: number): TarEntry => ({
    header: { name: `${root}/${name}`, size: 0, mode, mtime, type: 'directory' },
  });
  const folder = (name: string, files: BrokerFiles) => [
    directory(`${name}/`, privateDirectoryMode),
    ...files.map((file) => entry(`${name}/${file.name}`, file.content, file.mode)),
  ];
  const sources = await policyServiceSources();
  return packTar([
    directory('', privateDirectoryMode),
    entry('README.txt', await renderCelineReadme(texts), privateFileMode),
    entry(composeName, await renderCelineCompose(texts), privateFileMode),
    ...folder('mosquitto', input.files),
    ...folder('policy', input.policyFiles),
    ...foldersOf(sources.map(({ name }) => `policy-service/${name}`)).map((name) =>
      directory(name, sourceDirectoryMode),
    ),
    ...sources.map(({ name, content }) => entry(`policy-service/${name}`, content, sourceMode)),
  ]);
}

/** Every folder on the way to the files, parents first. */
function foldersOf(names: readonly string[]): string[] {
  const folders = names.flatMap((name) => {
    const levels = name.split('/').slice(0, -1);
    return levels.map((_, i) => `${levels.slice(0, i + 1).join('/')}/`);
  });
  return [...new Set(folders)].sort();
}
