import { expect, test } from 'vitest';
import { cutFrames } from '../../../electron/monitor/frames.ts';
import { TopicStore } from '../../../electron/monitor/topic-store.ts';
import { type MonitorConnection, type MonitorFrame, monitorFrameSchema } from '../../../shared/model/monitor.ts';

function setUp({ topics = 100, intervalMs = 1, budget = 1000 } = {}) {
  const store = new TopicStore({ topics: budget, bytes: 1_000_000, valueBytes: 1000 });
  const stop = new AbortController();
  let connection: MonitorConnection = { state: 'connected', reason: null };
  const publish = (topic: string, payload = topic) =>
    store.take({ topic, payload: Buffer.from(payload), qos: 0, retained: false, receivedAt: 0 });
  return {
    store,
    stop,
    publish,
    setConnection(value: MonitorConnection) {
      connection = value;
      store.touch();
    },
    frames: () => cutFrames(store, () => connection, stop.signal, { intervalMs, topics }),
  };
}

async function next(frames: AsyncGenerator<MonitorFrame, void>): Promise<MonitorFrame> {
  const { value } = await frames.next();
  return monitorFrameSchema.parse(value);
}
const named = (frame: MonitorFrame) => frame.topics.map((value) => value.topic);

test('the first frame resets and holds everything, the next ones hold what changed', async () => {
  const { publish, frames } = setUp();
  publish('a');
  publish('b');
  const watcher = frames();
  const first = await next(watcher);
  expect(first.reset).toBe(true);
  expect(named(first)).toEqual(['a', 'b']);
  expect(first.counts).toEqual({ messages: 2, topics: 2, payloadBytes: 2, droppedTopics: 0, coalesced: 0 });

  publish('b', 'new');
  const second = await next(watcher);
  expect(second.reset).toBe(false);
  expect(second.topics).toMatchObject([{ topic: 'b', preview: 'new', messageCount: 2 }]);
});

test('an empty monitor is told at once, and a frame is cut as soon as something changes', async () => {
  const { publish, frames } = setUp();
  const watcher = frames();
  expect((await next(watcher)).topics).toEqual([]);
  const pending = next(watcher);
  publish('a');
  expect(named(await pending)).toEqual(['a']);
});

test('a frame is bounded, and the rest follows without a loss', async () => {
  const { publish, frames } = setUp({ topics: 3 });
  for (let i = 0; i < 8; i++) publish(`t${i}`);
  const watcher = frames();
  const told = [await next(watcher), await next(watcher), await next(watcher)];
  expect(told.map((frame) => frame.topics.length)).toEqual([3, 3, 2]);
  expect(told.map((frame) => frame.reset)).toEqual([true, false, false]);
  expect(new Set(told.flatMap(named)).size).toBe(8);
});

test('topics that never rest do not push out the others', async () => {
  const { publish, frames } = setUp({ topics: 2 });
  const watcher = frames();
  await next(watcher);
  for (const topic of ['busy', 'quiet-1', 'quiet-2', 'quiet-3']) publish(topic);
  const told: string[] = [];
  for (let i = 0; i < 3; i++) {
    told.push(...named(await next(watcher)));
    publish('busy');
  }
  expect(told).toEqual(expect.arrayContaining(['quiet-1', 'quiet-2', 'quiet-3']));
});

test('values told and values coalesced add up to the messages, for each listener alone', async () => {
  const { publish, stop, frames } = setUp({ topics: 5 });
  const quick = frames();
  const slow = frames();
  const told = { quick: (await next(quick)).topics.length, slow: (await next(slow)).topics.length };
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 20; i++) publish(`t${i % 7}`);
    told.quick += (await next(quick)).topics.length;
  }
  const drain = async (frames: AsyncGenerator<MonitorFrame, void>, before: number) => {
    let total = before;
    for (;;) {
      const frame = await next(frames);
      total += frame.topics.length;
      if (frame.topics.length < 5) return { total, coalesced: frame.counts.coalesced };
    }
  };
  const quickEnd = await drain(quick, told.quick);
  const slowEnd = await drain(slow, told.slow);
  expect(quickEnd.total + quickEnd.coalesced).toBe(400);
  expect(slowEnd.total + slowEnd.coalesced).toBe(400);
  expect(slowEnd.total).toBe(7);
  stop.abort();
});

test('dropped topics and a change of the connection are told although no value changed', async () => {
  const { publish, setConnection, frames } = setUp({ budget: 1 });
  const watcher = frames();
  publish('kept');
  await next(watcher);
  publish('too much');
  expect(await next(watcher)).toMatchObject({ topics: [], counts: { droppedTopics: 1, messages: 1 } });
  setConnection({ state: 'disconnected', reason: 'The cable is out.' });
  expect((await next(watcher)).connection).toEqual({ state: 'disconnected', reason: 'The cable is out.' });
});

test('frames of one listener keep their distance', async () => {
  const { publish, stop, frames } = setUp({ intervalMs: 60_000 });
  const watcher = frames();
  await next(watcher);
  publish('a');
  let cut = false;
  void watcher.next().then(() => {
    cut = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(cut).toBe(false);
  stop.abort();
});

test('aborting ends a listener that waits for a change, and one that waits for its time', async () => {
  for (const intervalMs of [0, 60_000]) {
    const { stop, frames } = setUp({ intervalMs });
    const watcher = frames();
    await next(watcher);
    const pending = watcher.next();
    stop.abort();
    expect(await pending).toEqual({ done: true, value: undefined });
  }
});
