import { expect, test } from 'vitest';
import { retryDelay } from '../../../electron/monitor/retry-delay.ts';

test('delays double up to their limit and are drawn from the upper half', () => {
  for (const [failures, longest] of [
    [1, 1000],
    [2, 2000],
    [5, 16_000],
    [6, 30_000],
    [1000, 30_000],
  ] as const) {
    for (let i = 0; i < 50; i++) {
      const delay = retryDelay('soon', failures);
      expect(delay).toBeGreaterThanOrEqual(longest / 2);
      expect(delay).toBeLessThanOrEqual(longest);
    }
  }
});

test('a refusal is asked again slowly, five minutes apart in the end', () => {
  expect(retryDelay('slow', 1)).toBeGreaterThanOrEqual(7500);
  expect(retryDelay('slow', 99)).toBeLessThanOrEqual(300_000);
  expect(retryDelay('slow', 99)).toBeGreaterThanOrEqual(150_000);
});

test('many consoles do not come back at the same moment', () => {
  expect(new Set(Array.from({ length: 20 }, () => retryDelay('soon', 3))).size).toBeGreaterThan(10);
});
