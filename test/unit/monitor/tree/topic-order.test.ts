import { expect, test } from 'vitest';
import { SortedChildren } from '../../../../electron/monitor/tree/sorted-children.ts';
import { compareLevels } from '../../../../electron/monitor/tree/topic-order.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

test('numbers are sorted by size, letters whatever their case', () => {
  const names = [
    'line10',
    'Line2',
    'line1',
    'a',
    'B',
    '',
    'line 3',
    '007',
    '7',
    '18446744073709551616',
    '18446744073709551615',
  ];
  expect([...names].sort(compareLevels)).toEqual([
    '',
    '007',
    '7',
    '18446744073709551615',
    '18446744073709551616',
    'a',
    'B',
    'line 3',
    'line1',
    'Line2',
    'line10',
  ]);
});

test('different names are never the same, whatever they hold', () => {
  const names = ['a', 'A', '1', '01', '001', 'a1', 'a01', 'A1', '\u0000', '\ud800', 'é', 'e\u0301'];
  for (const a of names) for (const b of names) expect(compareLevels(a, b) === 0).toBe(a === b);
});

test('names of 64 KiB are told apart by their last character, and are in an order that holds', () => {
  const long = 'x'.repeat(60_000);
  const names = [
    long,
    `${long}1`,
    `${long}2`,
    `${long}10`,
    long.slice(0, 256),
    long.slice(0, 255),
    `${long.slice(0, 255)}7`,
  ];
  for (const a of names) for (const b of names) expect(compareLevels(a, b) === 0).toBe(a === b);
  const sorted = names.toSorted(compareLevels);
  for (const [i, a] of sorted.entries())
    for (const b of sorted.slice(i + 1)) expect(compareLevels(a, b)).toBeLessThan(0);
  const children = new SortedChildren<{ name: string }>();
  for (let i = 0; i < 600; i++) children.insert({ name: `${long}${i}` });
  for (let i = 0; i < 600; i++) expect(children.find(`${long}${i}`)?.name.slice(60_000)).toBe(`${i}`);
});

test('children are found and in order, in whatever order thousands of them come', () => {
  const random = new SeededRandom(7);
  const names = [...new Set(Array.from({ length: 5000 }, () => `x${random.below(20_000)}`))];
  const children = new SortedChildren<{ name: string }>();
  for (const name of names) {
    expect(children.find(name)).toBeUndefined();
    children.insert({ name });
  }
  const sorted = [...names].sort(compareLevels);
  for (const from of [0, 1, 511, 512, 2000, names.length - 1, names.length]) {
    const walked: string[] = [];
    children.walk(from, ({ name }, index) => {
      expect(sorted[index]).toBe(name);
      walked.push(name);
      return walked.length < 700;
    });
    expect(walked).toEqual(sorted.slice(from, from + 700));
  }
  expect(children.size).toBe(names.length);
  for (const name of names) expect(children.find(name)).toEqual({ name });
});
