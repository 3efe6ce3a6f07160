// How long at a stretch nobody else has a turn in the core while ten thousand new topics a second come in, a window
// watches them, and an engineer searches among them: processor time of the main thread between two turns of a timer.

import { setTimeout as sleep } from 'node:timers/promises';
import { cutFrames } from '../../../electron/monitor/frames.ts';
import { TopicStore } from '../../../electron/monitor/topic-store.ts';
import { TopicView } from '../../../electron/monitor/tree/topic-view.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { topicLookSchema } from '../../../shared/model/monitor.ts';
import type { BenchRow } from '../row.ts';

const rounds = 5;
const topicsPerTick = 100;
const ticks = 200;
const searches = ['sensor', '7', 'field/1', '', 'nothing'];

export const treeStall: BenchRow = {
  name: 'monitor/tree-event-loop-stall',
  unit: 'ms of processor time',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const longest: number[] = [];
    for (let round = 0; round < rounds; round++) longest.push(await longestStall());
    return { ours: Math.max(...longest), reference: 50 };
  },
};

async function longestStall(): Promise<number> {
  const store = new TopicStore({ topics: 1_000_000, bytes: 2 ** 31, valueBytes: 1024 });
  const payload = Buffer.from('{"value":21.5}');
  let topics = 0;
  const publish = (count: number) => {
    for (let i = 0; i < count; i++, topics++) {
      const topic = `site/field/${topics % 100}/sensor-${(topics * 7919) % 1_000_003}`;
      store.take({ topic, payload, qos: 0, retained: false, receivedAt: Date.now() });
    }
  };
  publish(100_000);

  const view = new TopicView(store, topicLookSchema.parse({}));
  const ending = new AbortController();
  const source = {
    treeId: 'bench',
    store,
    clock: systemClock,
    connection: () => ({ state: 'connected', reason: null }) as const,
    leftOut: () => ({ oversized: 0, evicted: 0 }),
  };
  const watching = (async () => {
    for await (const _frame of cutFrames(source, view, ending.signal));
  })();
  await sleep(50);
  let longest = 0;
  let before = process.threadCpuUsage();
  const turns = setInterval(() => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1000);
  }, 1);
  for (let tick = 0; tick < ticks; tick++) {
    publish(topicsPerTick);
    if (tick % 20 === 0) {
      const query = searches[(tick / 20) % searches.length] ?? '';
      view.look(topicLookSchema.parse({ query, firstRow: tick * 100 }));
    }
    await sleep(10);
  }
  clearInterval(turns);
  ending.abort();
  await watching;
  return longest;
}
