import { expect, it } from 'vitest';
import { edgeBlanks } from '../../../renderer/features/monitor/words.ts';

it.each([
  ['a', 0, 'a', 0],
  [' a', 1, 'a', 0],
  ['a  ', 0, 'a', 2],
  [' a b ', 1, 'a b', 1],
  ['   ', 3, '', 0],
  ['\u00a0a', 1, 'a', 0],
])('%j has its blanks counted', (name, before, middle, after) => {
  expect(edgeBlanks(name)).toEqual({ before, middle, after });
});
