import { createTarPacker, type TarHeader } from 'modern-tar';
import { privateDirectoryMode, privateFileMode } from './files.ts';
import { endOfSlice } from './slices.ts';

export type PackedFile = {
  /** With its directories, such as `certs/ca/ca.crt`. */
  readonly name: string;
  readonly content: string | Uint8Array;
  /** Private unless it is given. */
  readonly mode?: number;
};

/** A tar (POSIX.1-2001) of files, with every directory that they lie in. Of a generator's files it holds one at a time. */
export async function packFiles(files: Iterable<PackedFile> | AsyncIterable<PackedFile>, at: Date): Promise<Blob> {
  const { readable, controller } = createTarPacker();
  const archive = collect(readable);
  const known = new Set<string>();
  const isOver = endOfSlice();
  try {
    for await (const file of files) {
      for (const { header, body } of entriesOf(file, known, at)) {
        const writer = controller.add(header).getWriter();
        if (body && body.length > 0) await writer.write(body);
        await writer.close();
      }
      await isOver();
    }
    controller.finalize();
  } catch (error) {
    controller.error(error);
    // It says the same.
    await archive.catch(() => {});
    throw error;
  }
  return await archive;
}

const blockBytes = 1024 * 1024;

/** By the megabyte: thousands of chunks that are kept cost more than their bytes do, and one copy of all would take its time. */
async function collect(stream: ReadableStream<Uint8Array>): Promise<Blob> {
  const blocks: Blob[] = [];
  const block = new Uint8Array(blockBytes);
  let used = 0;
  const keep = () => {
    blocks.push(new Blob([block.subarray(0, used)]));
    used = 0;
  };
  for await (const chunk of stream) {
    for (let start = 0; start < chunk.length; ) {
      const piece = chunk.subarray(start, start + blockBytes - used);
      block.set(piece, used);
      used += piece.length;
      start += piece.length;
      if (used === blockBytes) keep();
    }
  }
  keep();
  return new Blob(blocks);
}

/** A directory comes before the first file that lies in it. */
function* entriesOf({ name, content, mode = privateFileMode }: PackedFile, known: Set<string>, mtime: Date) {
  for (const directory of directoriesOf(name)) {
    if (known.has(directory)) continue;
    known.add(directory);
    const header: TarHeader = { name: directory, size: 0, mode: privateDirectoryMode, mtime, type: 'directory' };
    yield { header, body: undefined };
  }
  const body = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const header: TarHeader = { name, size: body.length, mode, mtime, type: 'file' };
  yield { header, body };
}

/** `a/b/c` lies in `a/` and `a/b/`. */
const directoriesOf = (name: string): string[] =>
  [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1));
