import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordedMessage } from '../../../../electron/monitor/recording/recorded-message.ts';
import {
  type RecordedLine,
  type RecordingEnd,
  readRecording,
} from '../../../../electron/monitor/recording/recording-reader.ts';
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

async function readAll(path: string, limits = caps): Promise<{ read: RecordedLine[]; end: RecordingEnd }> {
  const read: RecordedLine[] = [];
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
    const writer = await RecordingWriter.create(path);
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
    const writer = await RecordingWriter.create(path);
    await writer.append(lines(message(1)));
    expect((await readAll(path)).end).toEqual({ messages: 1, badLines: 0, ending: 'complete' });
    await writer.close();
  });

  it('never replaces a file', async () => {
    await writeFile(path, 'kept');
    await expect(RecordingWriter.create(path)).rejects.toThrow('EEXIST');
    expect(await readFile(path, 'utf8')).toBe('kept');
  });

  it('is read up to where it was cut', async () => {
    const writer = await RecordingWriter.create(path);
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

  it('that was cut gives a slow reader as much as a fast one', async () => {
    const writer = await RecordingWriter.create(path);
    const written = Array.from({ length: 5000 }, (_, time) => message(time));
    for (let from = 0; from < written.length; from += 500)
      await writer.append(lines(...written.slice(from, from + 500)));
    await writer.close();
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, whole.length - 40));
    const { end } = await readAll(path);
    expect(end.messages).toBeGreaterThan(4500);
    const messages = readRecording(path, caps);
    let slowly = 0;
    while (!(await messages.next()).done) {
      slowly += 1;
      if (slowly % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(slowly).toBe(end.messages);
  });

  it('skips lines that are no message, and refuses bombs and what is no gzip', async () => {
    await writeFile(path, gzipSync(`{"time":-1}\nnope\n${JSON.stringify(message(1))}\n`));
    expect((await readAll(path)).end).toEqual({ messages: 1, badLines: 2, ending: 'complete' });
    await writeFile(path, gzipSync(Buffer.alloc(20_000_000)));
    expect((await readAll(path)).end.ending).toBe('too-large');
    await writeFile(path, 'not gzip');
    expect((await readAll(path)).end).toEqual({ messages: 0, badLines: 0, ending: 'cut' });
  });

  it('tells between its messages what is missing; what says so wrongly is a bad line', async () => {
    const gap = { missing: { what: 'away' as const, from: 1, until: 2 } };
    const wrong = ['{"missing":1}', '{"missing":{"what":"away","from":-1,"until":2}}', '{"missing":{"what":"luck"}}'];
    const text = [JSON.stringify(message(1)), JSON.stringify(gap), ...wrong, JSON.stringify(message(3)), ''].join('\n');
    await writeFile(path, gzipSync(text));
    const { read, end } = await readAll(path);
    expect(read).toEqual([message(1), gap, message(3)]);
    expect(end).toEqual({ messages: 2, badLines: 3, ending: 'complete' });
  });

  it.each([
    ['Infinity', '"time":1e999'],
    ['a time before 1970', '"time":-1'],
    ['a time beyond the year 9999', '"time":253402300800000'],
    ['a fraction', '"time":1.5'],
    ['a time that is text', '"time":"1"'],
  ])('skips a message with %s', async (_what, time) => {
    await writeFile(
      path,
      gzipSync(`{${time},"topic":"a","payloadBase64":"","qos":0,"retain":false}\n${lines(message(1))}`),
    );
    expect((await readAll(path)).end).toEqual({ messages: 1, badLines: 1, ending: 'complete' });
  });

  it('takes no key of a line for more than it is', async () => {
    const line = JSON.stringify(message(1)).replace('{', '{"__proto__":{"missing":1,"polluted":1},"constructor":2,');
    await writeFile(path, gzipSync(`${line}\n`));
    const { read } = await readAll(path);
    expect(read).toEqual([message(1)]);
    expect(read[0]).not.toHaveProperty('polluted');
    expect({}).not.toHaveProperty('polluted');
  });

  it.each(['AA', 'A===', 'AA=A', 'A A=', '====', 'AAAA\n', 'A-_A', 'AAAAAA=A', 'AAA=AAAA'])(
    'skips a payload that is no base64: %j',
    async (payloadBase64) => {
      await writeFile(path, gzipSync(lines({ ...message(1), payloadBase64 }, message(2))));
      expect((await readAll(path)).end).toEqual({ messages: 1, badLines: 1, ending: 'complete' });
    },
  );

  it('with a line of nine megabytes is not read on', async () => {
    const limits = { maxBytes: 100_000_000, maxLineBytes: 8_000_000 };
    await writeFile(path, gzipSync(`${lines(message(1))}${'x'.repeat(9_000_000)}\n${lines(message(2))}`));
    expect((await readAll(path, limits)).end).toEqual({ messages: 1, badLines: 0, ending: 'too-large' });
  });

  it('with a flipped byte is read as far as it goes, wherever that is', async () => {
    const writer = await RecordingWriter.create(path);
    for (let batch = 0; batch < 3; batch++) await writer.append(lines(message(batch), message(batch + 10)));
    await writer.close();
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 7) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0x55;
      await writeFile(path, flipped);
      const { read, end } = await readAll(path);
      expect(read.length).toBe(end.messages);
      expect(end.messages).toBeLessThanOrEqual(6);
    }
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
