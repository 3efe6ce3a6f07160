// How evenly the window draws while an engineer scrolls through the tree and the broker is busy: the time from one frame
// of the browser to the next, of which 95 in 100 must be within the aim.

import type { Page } from '@playwright/test';
import type { BenchRow } from '../row.ts';
import { inWindow } from './scene.ts';

const topicCount = 10_000;
const measuredMs = 10_000;

export const plantTopics = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `cpi/plant-${Math.floor(i / 10)}/meter/${i % 10}`);

const frameTime = (perSecond: number, aimMs: number): BenchRow => ({
  name: `monitor/window-frame-time-${perSecond}`,
  unit: 'ms, 95th percentile',
  aim: 1,
  direction: 'less-is-better',
  run: () =>
    inWindow(async ({ page, send, heard }) => {
      await send({ topics: plantTopics(topicCount), perSecond: 20_000, messages: topicCount }).ended;
      await page
        .getByText(/10,000 topics/)
        .first()
        .waitFor();
      const sending = send({ topics: plantTopics(topicCount), perSecond, messages: Number.MAX_SAFE_INTEGER });
      try {
        await page.waitForTimeout(2000);
        const before = await heard();
        const frames = await frameTimes(page, measuredMs);
        const { messages } = await heard();
        const least = (perSecond * measuredMs * 0.95) / 1000;
        if (messages - before.messages < least) throw new Error(`only ${messages - before.messages} messages came`);
        return { ours: percentile(frames, 0.95), reference: aimMs };
      } finally {
        sending.stop();
        await sending.ended;
      }
    }),
});

export const frameTime20000 = frameTime(20_000, 33);
export const frameTime1000 = frameTime(1_000, 20);

/** Scrolls by the frame, down and up again, and answers the times between frames. */
const frameTimes = (page: Page, milliseconds: number): Promise<number[]> =>
  page.getByRole('tree').evaluate(
    (tree, duration) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const began = performance.now();
        let last = 0;
        const frame = (now: number) => {
          if (last > 0) times.push(now - last);
          last = now;
          tree.scrollTop += Math.sin((now - began) / 1500) > 0 ? 40 : -40;
          if (now - began < duration) requestAnimationFrame(frame);
          else resolve(times);
        };
        requestAnimationFrame(frame);
      }),
    milliseconds,
  );

function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN;
}
