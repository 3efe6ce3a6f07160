import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maxRecordedPayloadBytes } from '../../../../electron/monitor/recording/recorded-message.ts';
import { Recorder } from '../../../../electron/monitor/recording/recorder.ts';
import { recordingContents } from '../../../../electron/monitor/recording/recording-facts.ts';
import type { IncomingMessage } from '../../../../electron/monitor/topic-store.ts';

const heard = (time: number, payload: Uint8Array = Buffer.from('value')): IncomingMessage => ({
  topic: 'a/b',
  payload,
  qos: 0,
  retained: false,
  receivedAt: time,
});

describe('a recorder', () => {
  let folder = '';
  let path = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recorder-'));
    path = join(folder, 'r.ndjson.gz');
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('copies what it hears, and writes what waits before it ends', async () => {
    const recorder = await Recorder.start({ path, maxBytes: 1_000_000 });
    const memory = Buffer.from('value');
    for (let time = 1; time <= 5000; time++) recorder.take(heard(time, memory));
    memory.fill(0);
    const end = await recorder.stop('stopped');
    expect(end).toMatchObject({ messages: 5000, dropped: 0, ending: 'stopped' });
    recorder.take(heard(9999));
    expect(await recordingContents(path)).toEqual({
      messages: 5000,
      badLines: 0,
      ending: 'complete',
      first: 1,
      last: 5000,
    });
  });

  it('counts what its queue cannot take, and what is too large', async () => {
    const recorder = await Recorder.start({ path, maxBytes: 100_000_000, queueBytes: 3000 });
    for (let time = 0; time < 10; time++) recorder.take(heard(time, Buffer.alloc(600)));
    recorder.take(heard(11, Buffer.alloc(maxRecordedPayloadBytes + 1)));
    expect(await recorder.stop('stopped')).toMatchObject({ messages: 3, dropped: 8 });
  });

  it('reads back the largest payload that it takes', async () => {
    const recorder = await Recorder.start({ path, maxBytes: 100_000_000 });
    recorder.take(heard(1, Buffer.alloc(maxRecordedPayloadBytes, 7)));
    await recorder.stop('stopped');
    expect(await recordingContents(path)).toMatchObject({ messages: 1, badLines: 0, ending: 'complete' });
  });

  it('ends by itself at its cap; the file is whole and everything is counted', async () => {
    const recorder = await Recorder.start({ path, maxBytes: 1000, intervalMs: 1 });
    for (let time = 0; time < 100; time++) recorder.take(heard(time));
    const end = await recorder.ended;
    expect(end.ending).toBe('full');
    expect(end.messages + end.dropped).toBe(100);
    expect(await recordingContents(path)).toMatchObject({ messages: end.messages, ending: 'complete' });
    expect(await recorder.stop('stopped')).toEqual(end);
  });
});
