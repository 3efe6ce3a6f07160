import { expect, it } from 'vitest';
import { typedNumber } from '../../../renderer/ui/typed-number.ts';

it.each([
  ['80', 80],
  [' -2.5 ', -2.5],
  ['+3', 3],
  ['1,5', 1.5],
  ['.5', 0.5],
  ['5.', 5],
  ['1e3', 1000],
  ['1.5E-3', 0.0015],
  ['0,125', 0.125],
  ['1.000', 1],
])('%j is %d', (text, number) => {
  expect(typedNumber(text)).toBe(number);
});

it.each([
  '',
  ' ',
  '-',
  'e3',
  '1e',
  '1e400',
  '1.000.5',
  '1,000',
  '1,000.5',
  '1.000,5',
  '1 000',
  '0x10',
  'Infinity',
  'NaN',
  '5 s',
  '１',
])('%j is no number', (text) => {
  expect(typedNumber(text)).toBeUndefined();
});
