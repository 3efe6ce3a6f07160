import { expect, test } from 'vitest';
import { MessageRate } from '../../../../electron/monitor/tree/message-rate.ts';

const start = 1_700_000_000_000;

test.each([0.5, 20, 20_000])('a steady %d a second is told as such, soon and for long', (perSecond) => {
  for (const seconds of [10, 60]) {
    const messages = new MessageRate();
    for (let i = 0; i < seconds * perSecond; i++) messages.count(start + (i * 1000) / perSecond);
    expect(Math.abs(messages.perSecond(start + seconds * 1000) / perSecond - 1)).toBeLessThan(0.25);
  }
});

test('a single message is no flood, and silence fades to nothing', () => {
  const rate = new MessageRate();
  rate.count(start);
  expect(rate.perSecond(start)).toBeLessThan(0.5);
  expect(rate.perSecond(start + 5000)).toBeGreaterThan(0);
  expect(rate.perSecond(start + 60_000)).toBe(0);
  expect(new MessageRate().perSecond(start)).toBe(0);
});

test('a clock that is set back does no harm', () => {
  const rate = new MessageRate();
  for (let i = 0; i < 100; i++) rate.count(start - i * 1000);
  expect(Number.isFinite(rate.perSecond(start - 200_000))).toBe(true);
});
