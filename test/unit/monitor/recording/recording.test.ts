import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedMessage } from '../../../../electron/monitor/recording/recorded-message.ts';
import { type RecordingEnd, readRecording } from '../../../../electron/monitor/recording/recording-reader.ts';
import { RecordingWriter } from '../../../../electron/monitor/recording/recording-writer.ts';

const caps = { maxBytes: 10_000_000, maxLineBytes: 1_000_000 };
const message = (time: number): RecordedMessage => ({
  time,
  topic: 'a/\u202e\n<b>',
  payloadBase64: Buffer.from([0, 255, time % 256]).toString('base64'),
  qos: 1,
  retain: false,
  properties: {
    contentType: 'x',
    userProperties: [
      ['k', '1'],
      ['k', '2'],
    ],
  },
});

async function readAll(path: string, limits = caps): Promise<{ read: RecordedMessage[]; end: RecordingEnd }> {
  const read: RecordedMessage[] = [];
  const messages = readRecording(path, limits);
  for (;;) {
    const next = await messages.next();
    if (next.done) return { read, end: next.value };
    read.push(next.value);
  }
}

describe('a recording', () => {
  let folder = '';
  let path = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recording-'));
    path = join(folder, 'r.ndjson.gz');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const lines = (...messages: readonly RecordedMessage[]) => messages.map((one) => `${JSON.stringify(one)}\n`).join('');

  it('gives back what was written, in a file of its owner alone', async () => {
    const writer = await RecordingWriter.create(path, 1_000_000);
    await writer.append(lines(message(1), message(2)));
    await writer.append(lines(message(3)));
    const { size } = await stat(path);
    expect(writer.fileBytes).toBe(size);
    await writer.close();
    const { read, end } = await readAll(path);
    expect(read).toEqual([message(1), message(2), message(3)]);
    expect(end).toEqual({ messages: 3, badLines: 0, ending: 'complete' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is whole after every batch, so that a console that dies leaves what it wrote', async () => {
    const writer = await RecordingWriter.create(path, 1_000_000);
    await writer.append(lines(message(1)));
    expect((await readAll(path)).end).toEqual({ messages: 1, badLines: 0, ending: 'complete' });
    await writer.close();
  });

  it('never replaces a file', async () => {
    await writeFile(path, 'kept');
    await expect(RecordingWriter.create(path, 1000)).rejects.toThrow('EEXIST');
    expect(await readFile(path, 'utf8')).toBe('kept');
  });

  it('is read up to where it was cut', async () => {
    const writer = await RecordingWriter.create(path, 1_000_000);
    await writer.append(lines(message(1)));
    const first = writer.fileBytes;
    await writer.append(lines(message(2)));
    await writer.close();
    const whole = await readFile(path);
    for (const kept of [whole.length - 1, whole.length - 12, first + 12, first + 1]) {
      await writeFile(path, whole.subarray(0, kept));
      const { read, end } = await readAll(path);
      expect(read[0]).toEqual(message(1));
      expect(end.ending).toBe('cut');
    }
  });

  it('skips lines that are no message, and refuses bombs and what is no gzip', async () => {
    await writeFile(path, gzipSync(`{"time":-1}\nnope\n${JSON.stringify(message(1))}\n`));
    expect((await readAll(path)).end).toEqual({ messages: 1, badLines: 2, ending: 'complete' });
    await writeFile(path, gzipSync(Buffer.alloc(20_000_000)));
    expect((await readAll(path)).end.ending).toBe('too-large');
    await writeFile(path, 'not gzip');
    expect((await readAll(path)).end).toEqual({ messages: 0, badLines: 0, ending: 'cut' });
  });

  it('of empty lines is given up, and others have their turn meanwhile', async () => {
    await writeFile(path, gzipSync(Buffer.alloc(4 * 1024 * 1024, '\n')));
    let turns = 0;
    let isRead = false;
    const count = () => {
      turns += 1;
      if (!isRead) setImmediate(count);
    };
    setImmediate(count);
    const { end } = await readAll(path);
    isRead = true;
    expect(end).toEqual({ messages: 0, badLines: 100_001, ending: 'cut' });
    expect(turns).toBeGreaterThan(3);
  });
});
