import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { inFlight, perSecond } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { benchAuthority, deviceIssuing } from './certificates.ts';

/** The longest that the event loop stood still while certificates of both kinds were issued without a pause. */
export const eventLoopStall: BenchRow = {
  name: 'issue/event-loop-stall',
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  async run() {
    const authority = await benchAuthority();
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await sleep(20); // the first samples fall into its own start
    delay.reset();
    await perSecond(150, inFlight, deviceIssuing(authority, 'RSA-2048'));
    await perSecond(1500, inFlight, deviceIssuing(authority, 'EC-P256'));
    delay.disable();
    return { ours: delay.max / 1e6, reference: 50 };
  },
};
