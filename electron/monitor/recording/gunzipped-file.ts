// A file of gzip members, unpacked. A stream that meets damage forgets what it unpacked and nobody took yet: how much is
// read of a cut file would hang on how fast its reader is. So the file is fed in small pieces, and of each all that comes
// out of it is handed on before the next; a piece unpacks to a thousand times its size at most.

import { createReadStream } from 'node:fs';
import { createGunzip, type Gunzip } from 'node:zlib';

const pieceBytes = 4096;
/** What is handed on at once. */
const chunkSize = 128 * 1024;

/** Answers whether the file was whole. Throws only when the file cannot be opened or read. */
export async function* gunzippedFile(path: string): AsyncGenerator<Buffer, 'complete' | 'cut'> {
  const file = createReadStream(path, { highWaterMark: pieceBytes });
  const gunzip = createGunzip({ chunkSize });
  let unpacked: Buffer[] = [];
  let isDamaged = false;
  gunzip.on('data', (chunk: Buffer) => unpacked.push(chunk));
  const damage = new Promise<void>((resolve) => {
    gunzip.once('error', () => {
      isDamaged = true;
      resolve();
    });
  });
  const taken = function* () {
    const chunks = unpacked;
    unpacked = [];
    yield* chunks;
  };
  try {
    for await (const piece of file as AsyncIterable<Buffer>) {
      await Promise.race([written(gunzip, piece), damage]);
      yield* taken();
      if (isDamaged) return 'cut';
    }
    const ended = new Promise<void>((resolve) => gunzip.once('end', resolve));
    gunzip.end();
    await Promise.race([ended, damage]);
    yield* taken();
    return isDamaged ? 'cut' : 'complete';
  } finally {
    file.destroy();
    gunzip.destroy();
  }
}

const written = (gunzip: Gunzip, piece: Buffer): Promise<void> =>
  new Promise((resolve) => {
    gunzip.write(piece, () => resolve());
  });
