import { expect, test } from 'vitest';
import { historyWords } from '../../../renderer/features/monitor/message/history-words.ts';

const nothing = { kept: 0, evicted: 0, cut: 0 };
const of = (length: number) => Array.from({ length });

test('what is not in the list is told, and why', () => {
  const whole = historyWords({ messages: of(1), hasMore: false, heard: 1, allTopics: { ...nothing, kept: 5 } });
  expect(whole).toBe('1 message heard, newest first.');
  const page = historyWords({ messages: of(200), hasMore: true, heard: 5000, allTopics: { ...nothing, kept: 5000 } });
  expect(page).toBe('The newest 200 of 5,000 messages heard.');
  const evicted = historyWords({ messages: of(3), hasMore: false, heard: 10, allTopics: { ...nothing, evicted: 900 } });
  expect(evicted).toMatch(/^3 of 10 messages heard; 7 older ones had to make room/);
  const off = historyWords({ messages: [], hasMore: false, heard: 10, allTopics: nothing });
  expect(off).toMatch(/budget for them is 0/);
});
