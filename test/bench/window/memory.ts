// Whether memory stays where it is while 20,000 messages a second flow: of the window, and of the console's process.
// The short form of `npm run soak`.

import type { BenchRow } from '../row.ts';
import { plantTopics } from './frame-time.ts';
import { inWindow } from './scene.ts';

export type MemorySample = { readonly seconds: number; readonly windowBytes: number; readonly consoleBytes: number };

const warmUpSeconds = 15;

/** A sample every `everySeconds`, for `seconds`, behind a time in which buffers grow to their size. */
export const memoryOverTime = (
  seconds: number,
  everySeconds: number,
  onSample: (sample: MemorySample) => void = () => {},
): Promise<MemorySample[]> =>
  inWindow(async ({ page, send, memory }) => {
    const sending = send({ topics: plantTopics(10_000), perSecond: 20_000, messages: Number.MAX_SAFE_INTEGER });
    try {
      await page.waitForTimeout(warmUpSeconds * 1000);
      const samples: MemorySample[] = [];
      const began = performance.now();
      for (let at = 0; at <= seconds; at += everySeconds) {
        await page.waitForTimeout(Math.max(0, began + at * 1000 - performance.now()));
        const sample = { seconds: at, ...(await memory()) };
        samples.push(sample);
        onSample(sample);
      }
      return samples;
    } finally {
      sending.stop();
      await sending.ended;
    }
  });

/** By how much the last third is above the first, as a ratio of their means. */
export function growth(samples: readonly MemorySample[], of: 'windowBytes' | 'consoleBytes'): number {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const mean = (part: readonly MemorySample[]) => part.reduce((sum, sample) => sum + sample[of], 0) / part.length;
  return mean(samples.slice(-third)) / mean(samples.slice(0, third));
}

export const memory20000: BenchRow = {
  name: 'monitor/window-memory-20000',
  unit: 'MB in the window, last 20 s of 60 s against the first',
  aim: 1.1,
  direction: 'less-is-better',
  async run() {
    const samples = await memoryOverTime(60, 5);
    const last = samples.at(-1)?.windowBytes ?? 0;
    const megabytes = last / 1e6;
    return { ours: megabytes, reference: megabytes / growth(samples, 'windowBytes') };
  },
};
