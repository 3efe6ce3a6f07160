import { packTar, type TarEntry } from 'modern-tar';
import { privateDirectoryMode, privateFileMode } from './files.ts';

export type PackedFile = {
  /** With its directories, such as `certs/ca/ca.crt`. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Private unless it is given. */
  readonly mode?: number;
};

/** A tar (POSIX.1-2001) of files, with every directory that they lie in. */
export function packFiles(files: readonly PackedFile[], at: Date): Promise<Uint8Array<ArrayBuffer>> {
  const directories = new Set(files.flatMap(({ name }) => directoriesOf(name)));
  const directory = (name: string): TarEntry => ({
    header: { name, size: 0, mode: privateDirectoryMode, mtime: at, type: 'directory' },
  });
  return packTar([
    ...[...directories].toSorted().map(directory),
    ...files.map(({ name, content, mode = privateFileMode }): TarEntry => {
      const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      return { header: { name, size: body.length, mode, mtime: at, type: 'file' }, body };
    }),
  ]);
}

/** `a/b/c` lies in `a/` and `a/b/`. */
const directoriesOf = (name: string): string[] =>
  [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1));
