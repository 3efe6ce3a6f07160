// How long an engineer waits for a branch of a hundred thousand topics to open, and for a search in it: from the click or
// the last letter to the first frame that shows the rows.

import type { Page } from '@playwright/test';
import { median } from '../measure.ts';
import type { BenchRow } from '../row.ts';
import { inWindow } from './scene.ts';

const topicCount = 100_000;
const aimMs = 200;
const searches = ['sensor-9', '777', 'field/sensor-12', 'sensor', 'no such topic'];

const row = (what: 'open' | 'search', measure: (page: Page) => Promise<number>): BenchRow => ({
  name: `monitor/window-tree-100000-${what}`,
  unit: 'ms',
  aim: 1,
  direction: 'less-is-better',
  run: () =>
    inWindow(async ({ page, send, heard }) => {
      const topics = Array.from({ length: topicCount }, (_, i) => `cpi/field/sensor-${i}`);
      // The budget of a monitor: the plants of the scene take none of it.
      while ((await heard()).topics < topicCount) {
        await send({ topics, perSecond: 10_000, messages: topicCount }).ended;
      }
      await page
        .getByText(/100,000 topics/)
        .first()
        .waitFor();
      return { ours: await measure(page), reference: aimMs };
    }),
});

export const treeOpen = row('open', async (page) => {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    await toggleField(page);
    await page.waitForTimeout(500);
    times.push(await toggleField(page));
    await page.waitForTimeout(500);
  }
  return median(times);
});

export const treeSearch = row('search', async (page) => {
  const times: number[] = [];
  for (const words of searches) {
    times.push(await searchFor(page, words));
    await searchFor(page, '');
    await page.waitForTimeout(500);
  }
  return Math.max(...times);
});

/** Closes or opens the branch; answers the milliseconds until it is drawn. */
const toggleField = (page: Page): Promise<number> =>
  page.getByRole('tree').evaluate(async (tree) => {
    const field = tree.querySelector('[aria-level="2"]');
    const wasOpen = field?.getAttribute('aria-expanded') === 'true';
    const began = performance.now();
    field?.querySelector('[data-chevron]')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    const isDrawn = () => tree.querySelectorAll('[aria-level="3"]').length > 0 === !wasOpen;
    while (!isDrawn()) await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - began;
  });

/** Types at once; answers the milliseconds until the whole result is drawn. */
const searchFor = (page: Page, words: string): Promise<number> =>
  page.getByLabel('Search topics and plant names').evaluate(async (input, text) => {
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    const region = document.querySelector('[aria-label="Topics"]');
    const isDrawn = () => {
      const shown = region?.textContent ?? '';
      if (text === '') return !/fits? the search/.test(shown);
      return /fits? the search/.test(shown) && !shown.includes('so far') && !shown.includes('Searching');
    };
    const began = performance.now();
    setValue?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    do await new Promise((resolve) => requestAnimationFrame(resolve));
    while (!isDrawn());
    return performance.now() - began;
  }, words);
