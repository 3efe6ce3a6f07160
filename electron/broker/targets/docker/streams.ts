// What a container says, as the engine sends it: frames of a header of eight bytes (stream, three zeros, length) and
// their content; see "Stream format" at ContainerAttach in the Docker Engine API.

import { Buffer } from 'node:buffer';

export type Frame = { readonly stream: 'stdout' | 'stderr'; readonly content: Buffer };

/** The frames of a container without a terminal. One that was cut off is left out. */
export function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = 0; at + 8 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at + 4);
    if (end > bytes.length) break;
    frames.push({ stream: bytes[at] === 2 ? 'stderr' : 'stdout', content: bytes.subarray(at + 8, end) });
    at = end;
  }
  return frames;
}

/** The text of frames; `cap` bytes of it. */
export const textOf = (frames: readonly Frame[], cap = Number.POSITIVE_INFINITY): string =>
  Buffer.concat(frames.map(({ content }) => content))
    .subarray(0, cap)
    .toString('utf8');

/** Everything that a stream brings until it ends or is closed. Rejects with the stream's own error. */
export function readToEnd(stream: NodeJS.ReadableStream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const end = () => resolve(Buffer.concat(chunks));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('end', end);
    stream.once('close', end);
  });
}
