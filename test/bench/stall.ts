import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * For how many milliseconds the event loop stood still at most while `work` ran. The histogram needs a turn to begin
 * counting, and would lose the first block with a reset just before it; the last block needs a turn to be counted.
 */
export async function longestStall(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await sleep(20);
  await work();
  await sleep(20);
  delay.disable();
  return delay.max / 1e6;
}
