import { expect, test } from 'vitest';
import { cutFrames } from '../../../electron/monitor/frames.ts';
import { TopicStore } from '../../../electron/monitor/topic-store.ts';
import { TopicView } from '../../../electron/monitor/tree/topic-view.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import {
  type MonitorConnection,
  type MonitorFrame,
  monitorFrameSchema,
  type TopicLook,
  topicLookSchema,
} from '../../../shared/model/monitor.ts';

function setUp({ intervalMs = 1, idleMs = 60_000, searchMs = 1000, topics = 1000 } = {}) {
  const store = new TopicStore({ topics, bytes: 100_000_000, valueBytes: 1000 });
  const stop = new AbortController();
  let connection: MonitorConnection = { state: 'connected', reason: null };
  const source = {
    treeId: 'tree',
    store,
    clock: systemClock,
    connection: () => connection,
    leftOut: () => ({ oversized: 3, evicted: 4 }),
  };
  return {
    store,
    stop,
    publish: (topic: string, payload = topic) =>
      store.take({ topic, payload: Buffer.from(payload), qos: 0, retained: false, receivedAt: Date.now() }),
    setConnection(value: MonitorConnection) {
      connection = value;
      store.touch();
    },
    watch(look: Partial<TopicLook> = {}) {
      const view = new TopicView(store, topicLookSchema.parse(look));
      return { view, frames: cutFrames(source, view, stop.signal, { intervalMs, idleMs, searchMs }) };
    },
  };
}

async function next(frames: AsyncGenerator<MonitorFrame, void>): Promise<MonitorFrame> {
  const { value } = await frames.next();
  return monitorFrameSchema.parse(value);
}
const named = ({ picture }: MonitorFrame) => picture?.rows.map(({ name }) => name);

test('a frame holds what is in sight, and the next one what is there then', async () => {
  const { publish, watch } = setUp();
  publish('a');
  publish('b');
  const { frames } = watch();
  const first = await next(frames);
  expect(named(first)).toEqual(['a', 'b']);
  expect(first.counts).toMatchObject({
    messages: 2,
    topics: 2,
    payloadBytes: 2,
    droppedTopics: 0,
    oversized: 3,
    evicted: 4,
    coalesced: 0,
  });
  publish('b', 'new');
  expect((await next(frames)).picture?.rows[1]).toMatchObject({ messageCount: 2, value: { preview: 'new' } });
});

test('an empty monitor is told at once, and a frame is cut as soon as something changes', async () => {
  const { publish, watch } = setUp();
  const { frames } = watch();
  expect((await next(frames)).picture?.rows).toEqual([]);
  const pending = next(frames);
  publish('a');
  expect(named(await pending)).toEqual(['a']);
});

test('frames are as small for a thousand topics as for those in sight', async () => {
  const { publish, watch } = setUp();
  for (let i = 0; i < 1000; i++) publish(`t${i}`);
  const frame = await next(watch({ firstRow: 500, rowCount: 3 }).frames);
  expect(named(frame)).toEqual(['t500', 't501', 't502']);
  expect(frame.picture?.totalRows).toBe(1000);
});

test('values shown and values overtaken add up to the messages, for each window alone', async () => {
  const { publish, watch } = setUp();
  for (let i = 0; i < 7; i++) publish(`t${i}`);
  const watchers = [watch().frames, watch().frames];
  for (const frames of watchers) await next(frames);
  const [quick, slow] = watchers;
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 20; i++) publish(`t${i % 7}`);
    if (quick) await next(quick);
  }
  // The quick one saw each of 7 topics change in each of 20 rounds.
  const ends = await Promise.all(watchers.map((frames) => frames && nextAfter(publish, frames)));
  expect(ends[0]?.counts.coalesced).toBe(400 - 7 * 20);
  expect(slow && ends[1]?.counts.coalesced).toBe(400 - 7);
});

async function nextAfter(publish: (topic: string) => void, frames: AsyncGenerator<MonitorFrame, void>) {
  publish('elsewhere');
  return await next(frames);
}

test('dropped topics and a change of the connection are told although no value changed', async () => {
  const { publish, setConnection, watch } = setUp({ topics: 1 });
  const { frames } = watch();
  publish('kept');
  await next(frames);
  publish('too much');
  expect(await next(frames)).toMatchObject({ counts: { droppedTopics: 1, messages: 1 } });
  setConnection({ state: 'disconnected', reason: 'The cable is out.' });
  expect((await next(frames)).connection).toEqual({ state: 'disconnected', reason: 'The cable is out.' });
});

test('frames keep their distance, but one that the operator asks for comes at once', async () => {
  const { publish, stop, watch } = setUp({ intervalMs: 60_000 });
  const { view, frames } = watch();
  await next(frames);
  publish('a');
  publish('b');
  let cut = false;
  const pending = next(frames).then((frame) => {
    cut = true;
    return frame;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(cut).toBe(false);
  view.look(topicLookSchema.parse({ query: 'b' }));
  expect(named(await pending)).toEqual(['b']);
  stop.abort();
});

test('a search that takes long shows what it has, and goes on without being asked', async () => {
  const { publish, stop, watch } = setUp({ intervalMs: 60_000, searchMs: 0, topics: 50_000 });
  for (let i = 0; i < 50_000; i++) publish(`sensor-${i}`);
  const { frames } = watch({ query: 'nothing of the kind' });
  let pictures = 1;
  while (!(await next(frames)).picture?.found?.isDone) pictures += 1;
  expect(pictures).toBeLessThan(1000);
  stop.abort();
});

test('while the picture stands still, the counts go on', async () => {
  const { publish, watch } = setUp();
  publish('a');
  const { frames } = watch({ isPaused: true });
  expect(named(await next(frames))).toEqual(['a']);
  publish('b');
  expect(await next(frames)).toMatchObject({ picture: null, counts: { topics: 2 } });
});

test('rates fade on the screen although nothing comes', async () => {
  const { publish, stop, watch } = setUp({ idleMs: 5 });
  publish('a');
  const { frames } = watch();
  await next(frames);
  expect((await next(frames)).picture?.rows).toHaveLength(1);
  stop.abort();
});

test('aborting ends a listener that waits for a change, and one that waits for its time', async () => {
  for (const intervalMs of [0, 60_000]) {
    const { stop, watch } = setUp({ intervalMs });
    const { frames } = watch();
    await next(frames);
    const pending = frames.next();
    stop.abort();
    expect(await pending).toEqual({ done: true, value: undefined });
  }
});
