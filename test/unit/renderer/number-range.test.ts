import { expect, test } from 'vitest';
import { outOfRange } from '../../../renderer/ui/number-range.ts';

test.each([
  [1, 1, 65535, null],
  [65535, 1, 65535, null],
  ['65535', 1, 65535, null],
  [70000, 1, 65535, '1 to 65535'],
  [0, 1, 65535, '1 to 65535'],
  ['-', 1, 65535, '1 to 65535'],
  [0, 1, undefined, 'at least 1'],
  [6, undefined, 5, 'at most 5'],
  ['', 1, 65535, 'enter a number'],
  ['', undefined, undefined, null],
  [undefined, undefined, undefined, null],
  [7, undefined, undefined, null],
])('%j from %j to %j: %j', (value, min, max, said) => {
  expect(outOfRange(value, min, max)).toBe(said);
});
