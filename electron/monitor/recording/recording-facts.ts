// What a recording's file is, read once from its beginning to its end.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { maxRecordingBytes } from '../../../shared/model/recording.ts';
import { maxRecordedLineBytes } from './recorded-message.ts';
import { type ReadingCaps, type RecordingEnd, readRecording } from './recording-reader.ts';

export const recordingCaps: ReadingCaps = { maxBytes: maxRecordingBytes, maxLineBytes: maxRecordedLineBytes };

/** `first` and `last`: times of messages, Unix milliseconds; undefined without a message. */
export type RecordingContents = RecordingEnd & {
  readonly first: number | undefined;
  readonly last: number | undefined;
};

/** Throws what the file system says. */
export async function recordingContents(path: string): Promise<RecordingContents> {
  const messages = readRecording(path, recordingCaps);
  let first: number | undefined;
  let last: number | undefined;
  for (;;) {
    const next = await messages.next();
    if (next.done) return { ...next.value, first, last };
    if ('missing' in next.value) continue;
    const { time } = next.value;
    first = Math.min(first ?? time, time);
    last = Math.max(last ?? time, time);
  }
}

/** Size in bytes and SHA-256 in hex. Throws what the file system says. */
export async function recordingFingerprint(path: string): Promise<{ bytes: number; sha256: string }> {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return { bytes: size, sha256: hash.digest('hex') };
}
