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

/**
 * The messages of the recording at `path`, one by one, and between them what is missing; returns how it ended.
 * The caps count bytes after decompression. Throws only when the file cannot be opened or read.
 */
export async function* readRecording(path: string, caps: ReadingCaps): AsyncGenerator<RecordedLine, RecordingEnd> {
  let messages = 0;
  let badLines = 0;
  let bytes = 0;
  let rest = Buffer.alloc(0);
  const sliceEnds = endOfSlice();
  const end = (ending: RecordingEnd['ending']): RecordingEnd => ({ messages, badLines, ending });
  const chunks = gunzippedFile(path);
  try {
    for (;;) {
      const chunk = await chunks.next();
      if (chunk.done) return end(rest.length > 0 ? 'cut' : chunk.value);
      bytes += chunk.value.length;
      if (bytes > caps.maxBytes) return end('too-large');
      rest = Buffer.concat([rest, chunk.value]);
      let start = 0;
      for (let stop = rest.indexOf(10); stop !== -1; stop = rest.indexOf(10, start)) {
        const line = readLine(rest.toString('utf8', start, stop));
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
      rest = rest.subarray(start);
      if (rest.length > caps.maxLineBytes) return end('too-large');
    }
  } finally {
    await chunks.return('cut');
  }
}
