// How long at a stretch nobody else has a turn in the console while a broker floods it with 100,000 messages a second:
// processor time of its main thread between two turns of a timer, garbage collections included. The longest of all rounds
// counts.

import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchRow } from '../row.ts';
import { anybody, startFlood, startSubscriber } from './processes.ts';

const rounds = 9;
const secondsARound = 2;
/** Less would be no flood. */
const leastPerSecond = 20_000;

export const floodStall: BenchRow = {
  name: 'monitor/event-loop-stall',
  unit: 'ms of processor time',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const flood = await startFlood((rounds + 2) * secondsARound);
    const subscriber = await startSubscriber({
      kind: 'monitor',
      port: flood.port,
      login: anybody('console'),
      filter: 'bench/#',
    });
    try {
      await sleep(secondsARound * 1000);
      const longest: number[] = [];
      const before = (await subscriber.tally()).received;
      for (let round = 0; round < rounds; round++) {
        await subscriber.begin();
        await sleep(secondsARound * 1000);
        longest.push((await subscriber.tally()).stallMs);
      }
      const { received } = await subscriber.tally();
      if (received - before < rounds * secondsARound * leastPerSecond) throw new Error('there was no flood');
      return { ours: Math.max(...longest), reference: 50 };
    } finally {
      await subscriber.stop();
      await flood.stop();
    }
  },
};
