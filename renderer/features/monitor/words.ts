// Numbers of the monitor in the words that engineers know from other MQTT clients.

import { span } from '../../ui/time.ts';

/** `20,000`. */
export const grouped = new Intl.NumberFormat('en').format;

/** `1 topic`, `2,000 topics`. */
export const amount = (count: number, one: string, many: string): string =>
  `${grouped(count)} ${count === 1 ? one : many}`;

/** `(12 topics, 3,400 messages)`. */
export const countWords = (topics: number, messages: number): string =>
  `(${amount(topics, 'topic', 'topics')}, ${amount(messages, 'message', 'messages')})`;

/** `20,000/s`, `2.4/s`; empty where nothing comes. */
export function rateWords(perSecond: number): string {
  if (perSecond < 0.05) return '';
  return `${perSecond < 10 ? perSecond.toFixed(1) : grouped(Math.round(perSecond))}/s`;
}

/** `now`, `12 s`, `5 min`. */
export const ageWords = (milliseconds: number): string => (milliseconds < 1500 ? 'now' : span(milliseconds));

/** How many blanks (Unicode's space separators) a level of a topic begins and ends with; only blanks count as its beginning. */
export function edgeBlanks(name: string): { before: number; middle: string; after: number } {
  const [blanks = ''] = /^\p{Zs}*/u.exec(name) ?? [];
  const rest = name.slice(blanks.length);
  const middle = rest.replace(/\p{Zs}+$/u, '');
  return { before: blanks.length, middle, after: rest.length - middle.length };
}
