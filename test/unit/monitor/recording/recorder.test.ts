import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { maxRecordedPayloadBytes } from '../../../../electron/monitor/recording/recorded-message.ts';
import { Recorder, type RecorderOptions } from '../../../../electron/monitor/recording/recorder.ts';
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
  let now = 0;
  beforeEach(async () => {
    now = 1000;
    folder = await mkdtemp(join(tmpdir(), 'recorder-'));
    path = join(folder, 'r.ndjson.gz');
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = (options: Partial<RecorderOptions> = {}) =>
    Recorder.start({ path, clock: { now: () => new Date(now) }, maxBytes: 100_000_000, ...options });
  const lines = async () =>
    gunzipSync(await readFile(path))
      .toString()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('copies what it hears, and writes what waits before it ends', async () => {
    const recorder = await start();
    const memory = Buffer.from('value');
    for (let time = 1; time <= 5000; time++) recorder.take(heard(time, memory));
    memory.fill(0);
    const end = await recorder.stop('stopped');
    expect(end).toMatchObject({ messages: 5000, dropped: 0, oversized: 0, gaps: 0, gapMs: 0, ending: 'stopped' });
    recorder.take(heard(9999));
    expect(await recordingContents(path)).toEqual({
      messages: 5000,
      badLines: 0,
      ending: 'complete',
      first: 1,
      last: 5000,
    });
  });

  it('loses nothing of what it hears while it writes and is stopped then', async () => {
    const recorder = await start({ intervalMs: 1 });
    recorder.take(heard(1, Buffer.alloc(1_000_000)));
    await new Promise((resolve) => setTimeout(resolve, 5));
    for (let time = 2; time <= 100; time++) recorder.take(heard(time));
    expect(await recorder.stop('stopped')).toMatchObject({ messages: 100, dropped: 0 });
  });

  it('gives back what a message was, whatever its topic, payload and properties hold', async () => {
    const recorder = await start();
    const properties = {
      contentType: 'π',
      userProperties: [
        ['__proto__', '\u2028'],
        ['__proto__', '😀\ud800'],
      ] as [string, string][],
    };
    recorder.take({ ...heard(7, Buffer.from([0, 255])), topic: 'a/"\\\n\u202eé', qos: 2, retained: true, properties });
    await recorder.stop('stopped');
    const [line] = await lines();
    expect(line).toEqual({
      time: 7,
      topic: 'a/"\\\n\u202eé',
      payloadBase64: 'AP8=',
      qos: 2,
      retain: true,
      properties,
    });
    expect(await recordingContents(path)).toMatchObject({ messages: 1, badLines: 0, ending: 'complete' });
  });

  it('counts what its queue cannot take, with topics and properties, and what is too large', async () => {
    const recorder = await start({ queueBytes: 3000 });
    for (let time = 0; time < 10; time++) recorder.take(heard(time, Buffer.alloc(600)));
    recorder.take(heard(11, Buffer.alloc(maxRecordedPayloadBytes + 1)));
    expect(await recorder.stop('stopped')).toMatchObject({ messages: 3, dropped: 7, oversized: 1 });
  });

  it.each([
    ['topics', { topic: 'a'.repeat(2000) }],
    ['properties', { properties: { userProperties: [['name', 'v'.repeat(2000)]] as [string, string][] } }],
  ])('keeps its queue within its bytes where %s are large', async (_what, large) => {
    const recorder = await start({ queueBytes: 10_000 });
    for (let time = 0; time < 100; time++) recorder.take({ ...heard(time), ...large });
    expect(await recorder.stop('stopped')).toMatchObject({ messages: 4, dropped: 96 });
  });

  it('leaves out a line that no reader would take, so that the rest is read', async () => {
    const recorder = await start();
    const userProperties = [['name', 'v'.repeat(7_000_000)]] as [string, string][];
    recorder.take({ ...heard(1, Buffer.alloc(2_000_000)), properties: { userProperties } });
    recorder.take(heard(2));
    expect(await recorder.stop('stopped')).toMatchObject({ messages: 1, oversized: 1, dropped: 0 });
    expect(await recordingContents(path)).toMatchObject({ messages: 1, ending: 'complete' });
  });

  it('reads back the largest payload that it takes', async () => {
    const recorder = await start();
    recorder.take(heard(1, Buffer.alloc(maxRecordedPayloadBytes, 7)));
    await recorder.stop('stopped');
    expect(await recordingContents(path)).toMatchObject({ messages: 1, badLines: 0, ending: 'complete' });
  });

  it('ends by itself at its cap; the file is whole and nothing that came before is lost', async () => {
    const recorder = await start({ maxBytes: 1000 });
    for (let time = 0; time < 100; time++) recorder.take(heard(time));
    const end = await recorder.ended;
    expect(end).toMatchObject({ ending: 'full', dropped: 0 });
    expect(gunzipSync(await readFile(path)).length).toBeLessThanOrEqual(1000);
    expect(await recordingContents(path)).toMatchObject({
      messages: end.messages,
      last: end.messages - 1,
      ending: 'complete',
    });
    expect(await recorder.stop('stopped')).toEqual(end);
  });

  it('says in counts and in the file when there was no connection', async () => {
    const recorder = await start();
    recorder.take(heard(1000));
    now = 2000;
    recorder.setConnected(false);
    now = 2500;
    recorder.setConnected(false);
    now = 5000;
    expect(recorder.counts()).toMatchObject({ gaps: 1, gapMs: 3000 });
    recorder.setConnected(true);
    recorder.take(heard(6000));
    now = 7000;
    recorder.setConnected(false);
    now = 8000;
    const end = await recorder.stop('stopped');
    now = 9000;
    recorder.setConnected(true);
    expect(end).toMatchObject({ messages: 2, gaps: 2, gapMs: 4000 });
    expect(recorder.counts()).toMatchObject({ gaps: 2, gapMs: 4000 });
    const missing = (await lines()).filter((line) => 'missing' in line);
    expect(missing).toEqual([
      { missing: { what: 'away', from: 2000, until: 5000 } },
      { missing: { what: 'away', from: 7000, until: 8000 } },
    ]);
    expect(await recordingContents(path)).toMatchObject({ messages: 2, badLines: 0, ending: 'complete' });
  });

  it('counts what the monitor left out and what the broker dropped since it began, over monitors that take turns', async () => {
    const recorder = await start();
    const first = { oversized: 5, droppedByBroker: null as number | null };
    recorder.follow(() => first, false);
    expect(recorder.counts()).toMatchObject({ oversized: 0, droppedByBroker: null });
    Object.assign(first, { oversized: 7, droppedByBroker: 10 });
    recorder.take(heard(1, Buffer.alloc(maxRecordedPayloadBytes + 1)));
    expect(recorder.counts()).toMatchObject({ oversized: 3, droppedByBroker: 10 });
    const second = { oversized: 8, droppedByBroker: null as number | null };
    recorder.follow(() => second, true);
    second.droppedByBroker = 2;
    now = 4000;
    expect(await recorder.stop('stopped')).toMatchObject({ oversized: 11, droppedByBroker: 12, dropped: 0 });
    second.oversized = 1000;
    expect(recorder.counts().oversized).toBe(11);
    expect(await lines()).toEqual([
      { missing: { what: 'oversized', from: expect.any(Number), until: 4000, messages: 11 } },
      { missing: { what: 'droppedByBroker', from: 1000, until: 4000, messages: 12 } },
    ]);
  });
});
