import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTarPacker, type TarHeader } from 'modern-tar';
import { privateDirectoryMode, privateFileMode } from './files.ts';

export type PackedFile = {
  /** With its directories, such as `certs/ca/ca.crt`. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Private unless it is given. */
  readonly mode?: number;
};

/** Entries between two turns of the event loop: the library packs all of them in one. */
const entriesAtOnce = 50;

/** A tar (POSIX.1-2001) of files, with every directory that they lie in. */
export async function packFiles(files: readonly PackedFile[], at: Date): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, controller } = createTarPacker();
  const archive = new Response(readable).arrayBuffer();
  let count = 0;
  for (const { header, body } of entriesOf(files, at)) {
    const writer = controller.add(header).getWriter();
    if (body && body.length > 0) await writer.write(body);
    await writer.close();
    count += 1;
    if (count % entriesAtOnce === 0) await nextTurn();
  }
  controller.finalize();
  return new Uint8Array(await archive);
}

type Entry = { readonly header: TarHeader; readonly body?: Uint8Array };

function* entriesOf(files: readonly PackedFile[], mtime: Date): Generator<Entry> {
  for (const name of [...new Set(files.flatMap((file) => directoriesOf(file.name)))].toSorted()) {
    yield { header: { name, size: 0, mode: privateDirectoryMode, mtime, type: 'directory' } };
  }
  for (const { name, content, mode = privateFileMode } of files) {
    const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    yield { header: { name, size: body.length, mode, mtime, type: 'file' }, body };
  }
}

/** `a/b/c` lies in `a/` and `a/b/`. */
const directoriesOf = (name: string): string[] =>
  [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1));
