// How long the event loop stands still while a push for ten thousand plants is rendered, merged, planned and linted.
// A call that blocks does so in every round; another process that takes the core away does so in some: hence the
// median of the rounds' longest stalls.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestsByName } from '../../../electron/platform/digest.ts';
import { median } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { createFleet, foundFiles, prepareFleet, withOneChange } from './fleet.ts';

const rounds = 9;

export const brokerEventLoopStall: BenchRow = {
  name: 'broker/event-loop-stall',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const fleet = await createFleet();
    const found = await foundFiles(fleet);
    const changed = withOneChange(fleet);
    const digests = await digestsByName(found);
    await prepareFleet(changed, found, digests);
    const longest: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await sleep(20); // it needs one turn to begin counting, and one to count the last
      await prepareFleet(changed, found, digests);
      await sleep(20);
      delay.disable();
      longest.push(delay.max / 1e6);
    }
    return { ours: median(longest), reference: 50 };
  },
};
