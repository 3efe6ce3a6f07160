import { expect, it } from 'vitest';
import { ReplayCheck } from '../../../electron/monitor/replay-check.ts';

it('tells a repeated nonce, in either case, and times out of the window', () => {
  const check = new ReplayCheck(1000, 10);
  expect(check.judge('aabbccdd', 5000, 5000)).toBe('fresh');
  expect(check.judge('AABBCCDD', 5001, 5001)).toBe('repeated');
  expect(check.judge('1', 3999, 5000)).toBe('too-old');
  expect(check.judge('1', Number.NaN, 5000)).toBe('too-old');
  expect(check.judge('1', 6001, 5000)).toBe('too-new');
});

it('forgets only what the window refuses anyway, and says when it is full', () => {
  const check = new ReplayCheck(1000, 2);
  check.judge('1', 5000, 5000);
  check.judge('2', 5500, 5500);
  expect(check.judge('3', 5600, 5600)).toBe('unchecked');
  expect(check.judge('4', 6100, 6100)).toBe('fresh');
  expect(check.judge('2', 5500, 6200)).toBe('repeated');
});
