import { expect, test } from 'vitest';
import { howMuch } from '../../../electron/device/how-much.ts';

test.each([
  [0, '0 KiB'],
  [1023, '1023 KiB'],
  [1024, '1 MiB'],
  [10_239, '9.9 MiB'],
  [10_240, '10 MiB'],
  [1024 * 1024 - 1, '1023 MiB'],
  [1024 * 1024, '1 GiB'],
  [5 * 1024 ** 3, '5 TiB'],
  [5 * 1024 ** 4, '5120 TiB'],
])('%i KiB are %s', (kib, words) => {
  expect(howMuch(kib)).toBe(words);
});
