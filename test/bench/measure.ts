// Machines that run this are noisy: ours and the reference take turns, and the median of the rounds counts.

import { availableParallelism } from 'node:os';
import type { Measurement } from './row.ts';

export const cores = availableParallelism();

/** Node's default; more where there are more cores. run.ts gives the thread pool this size. */
export const threads = Math.max(4, cores);

/** Enough that no thread waits for the main one between two jobs. Ours and the reference get the same. */
export const inFlight = 2 * threads;

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

/** Medians of both after `rounds` turns of each, behind one turn that warms up and is thrown away. */
export async function takeTurns(
  rounds: number,
  ours: () => Promise<number>,
  reference: () => Promise<number>,
): Promise<Measurement> {
  const measured: Measurement[] = [];
  for (let round = 0; round <= rounds; round++) measured.push({ ours: await ours(), reference: await reference() });
  const counted = measured.slice(1);
  return { ours: median(counted.map((turn) => turn.ours)), reference: median(counted.map((turn) => turn.reference)) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}
