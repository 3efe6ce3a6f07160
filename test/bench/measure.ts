// Machines that run this are noisy: ours and the reference take turns, and the median of the turns counts.

import { availableParallelism } from 'node:os';
import type { Measurement } from './row.ts';

export const cores = availableParallelism();

/** Node's default; more where there are more cores. run.ts gives the thread pool this size. */
export const threads = Math.max(4, cores);

/** Enough that no thread waits for the main one between two jobs. Ours and the reference get the same. */
export const inFlight = 4 * threads;

/** How often `work` ends in a second, `concurrency` of them at a time. */
export async function perSecond(count: number, concurrency: number, work: () => Promise<unknown>): Promise<number> {
  let started = 0;
  const worker = async () => {
    while (started < count) {
      started++;
      await work();
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (count / (performance.now() - begin)) * 1000;
}

/**
 * The turn with the median ratio of `rounds` (an odd number), behind one that warms up and is thrown away.
 * Both numbers come from the same moment, so that a machine that slows down halfway does not favour one side.
 */
export async function takeTurns(
  rounds: number,
  ours: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Measurement> {
  await ours();
  await reference();
  const turns: Measurement[] = [];
  for (let round = 0; round < rounds; round++) turns.push({ ours: await ours(), reference: await reference() });
  const ratio = (turn: Measurement) => turn.ours / turn.reference;
  turns.sort((a, b) => ratio(a) - ratio(b));
  const middle = turns[(rounds - 1) / 2];
  if (!middle) throw new RangeError('an odd number of rounds has a middle');
  return middle;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
