// Whether the memory of who listens stays where it is at 20,000 messages a second, once the history is full: what a
// minute shows of the ten of `npm run soak`.

import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRow } from '../row.ts';
import { anybody, runSender, startMosquitto, startSubscriber } from './processes.ts';

const perSecond = 20_000;
/** The 64 MiB of history are full by then. */
const warmUpSeconds = 25;
const samples = 12;
const everySeconds = 3;

export const memoryMonitor: BenchRow = {
  name: 'monitor/memory-20000',
  unit: 'MB, mean of the last 12 s of 36 s against the first',
  aim: 1.1,
  direction: 'less-is-better',
  async run() {
    const broker = await startMosquitto();
    const { port } = broker;
    const listener = await startSubscriber({ kind: 'monitor', port, login: anybody('console'), filter: 'bench/#' });
    try {
      const seconds = warmUpSeconds + samples * everySeconds + 2;
      const sending = runSender({ port, login: anybody('sender'), from: { topics: 10_000 }, perSecond, seconds });
      await sleep(warmUpSeconds * 1000);
      const megabytes: number[] = [];
      for (let sample = 0; sample < samples; sample++) {
        megabytes.push((await listener.tally()).megabytes);
        await sleep(everySeconds * 1000);
      }
      const sent = await sending;
      const { received } = await listener.tally();
      if (received < sent / 2) throw new Error(`only ${received} of ${sent} messages came`);
      const third = samples / 3;
      return { ours: mean(megabytes.slice(-third)), reference: mean(megabytes.slice(0, third)) };
    } finally {
      await listener.stop();
      await broker.stop();
    }
  },
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
