// A recording may be cut in the middle, damaged, or made by a stranger: what can be read is read, and the end tells the rest.

import { endOfSlice } from '../../platform/slices.ts';
import { gunzippedFile } from './gunzipped-file.ts';
import {
  type RecordedLoss,
  type RecordedMessage,
  recordedLossSchema,
  recordedMessageSchema,
} from './recorded-message.ts';

export type RecordedLine = RecordedMessage | RecordedLoss;

export type RecordingEnd = {
  readonly messages: number;
  /** Lines that are no message; they are skipped. */
  readonly badLines: number;
  /** complete: to the end; cut: the file ends early or is damaged from here on; too-large: beyond the caps, the rest was not read. */
  readonly ending: 'complete' | 'cut' | 'too-large';
};

export type ReadingCaps = { readonly maxBytes: number; readonly maxLineBytes: number };

/** A file of more lines that are no message is no recording: a few kilobytes can hold millions of empty ones. */
const mostBadLines = 100_000;

function readLine(text: string): RecordedLine | null {
  try {
    const line: unknown = JSON.parse(text);
    const isLoss = typeof line === 'object' && line !== null && Object.hasOwn(line, 'missing');
    return (isLoss ? recordedLossSchema : recordedMessageSchema).safeParse(line).data ?? null;
  } catch {
    return null;
  }
}

const textOf = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('utf8');

/**
 * The messages of the recording at `path`, one by one, and between them what is missing; returns how it ended.
 * The caps count bytes after decompression. Throws only when the file cannot be opened or read.
 */
export async function* readRecording(path: string, caps: ReadingCaps): AsyncGenerator<RecordedLine, RecordingEnd> {
  let messages = 0;
  let badLines = 0;
  let bytes = 0;
  /** The beginning of a line, in the chunks that it came in: it is put together once. */
  let begun: Buffer[] = [];
  let begunBytes = 0;
  const sliceEnds = endOfSlice();
  const end = (ending: RecordingEnd['ending']): RecordingEnd => ({ messages, badLines, ending });
  const chunks = gunzippedFile(path);
  try {
    for (;;) {
      const chunk = await chunks.next();
      if (chunk.done) return end(begunBytes > 0 ? 'cut' : chunk.value);
      const { value } = chunk;
      bytes += value.length;
      if (bytes > caps.maxBytes) return end('too-large');
      let start = 0;
      for (let stop = value.indexOf(10); stop !== -1; stop = value.indexOf(10, start)) {
        const text =
          begunBytes === 0 ? value.toString('utf8', start, stop) : textOf([...begun, value.subarray(0, stop)]);
        const line = readLine(text);
        begun = [];
        begunBytes = 0;
        start = stop + 1;
        if (line === null) {
          badLines++;
          if (badLines > mostBadLines) return end('cut');
        } else {
          if (!('missing' in line)) messages++;
          yield line;
        }
        await sliceEnds();
      }
      begun.push(value.subarray(start));
      begunBytes += value.length - start;
      if (begunBytes > caps.maxLineBytes) return end('too-large');
    }
  } finally {
    await chunks.return('cut');
  }
}
