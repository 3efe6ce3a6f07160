import { expect, it } from 'vitest';
import { filterWords, lossWords } from '../../../renderer/features/monitor/recordings/words.ts';
import { unknownLosses } from '../../../shared/model/recording.ts';

const none = { dropped: 0, oversized: 0, droppedByBroker: null, gaps: 0, gapMs: 0 };

it.each([
  [none, []],
  [{ ...none, droppedByBroker: 0 }, []],
  [
    { ...none, oversized: 3, gaps: 2, gapMs: 14_000 },
    ['3 messages were too large', 'the connection was away twice for 14 s'],
  ],
  [
    { ...none, oversized: 1, gaps: 1, gapMs: 300 },
    ['1 message was too large', 'the connection was away once for less than a second'],
  ],
  [{ ...none, gaps: 12, gapMs: 130_000 }, ['the connection was away 12 times for 2 min']],
  [
    { ...none, dropped: 2000, droppedByBroker: 7 },
    ['2,000 messages could not be written in time', 'the broker says it dropped 7 messages to its clients'],
  ],
])('says what a recording misses: %j', (losses, expected) => {
  expect(lossWords(losses)).toEqual(expected);
});

it('claims nothing where nobody knows', () => {
  expect(lossWords(unknownLosses)).toBeNull();
  expect(lossWords({ ...none, gaps: null })).toBeNull();
});

it('names a few filters, and what could not be seen in them as escapes', () => {
  expect(filterWords(['cpi/#'])).toBe('filter cpi/#');
  expect(filterWords(['a\u202e', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('filters a\\u202e, b, c, d, e and 2 more');
});
