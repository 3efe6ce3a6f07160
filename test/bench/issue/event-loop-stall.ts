// How long the event loop stands still while certificates of both kinds are issued without a pause.
// A call that blocks does so in every round; another process that takes the core away does so in some:
// hence the median of the rounds' longest stalls.

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFlight, median, perSecond } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { benchAuthority, deviceIssuing } from './certificates.ts';

const rounds = 15;

export const eventLoopStall: BenchRow = {
  name: 'issue/event-loop-stall',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const authority = await benchAuthority();
    const [issueRsa, issueEc] = [deviceIssuing(authority, 'RSA-2048'), deviceIssuing(authority, 'EC-P256')];
    const longest: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      await sleep(20); // it needs one turn to begin counting, and one to count the last
      await perSecond(12, inFlight, issueRsa);
      await perSecond(120, inFlight, issueEc);
      await sleep(20);
      delay.disable();
      longest.push(delay.max / 1e6);
    }
    return { ours: median(longest), reference: 50 };
  },
};
