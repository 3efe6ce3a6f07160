import { expect, it } from 'vitest';
import { readCbor } from '../../../../../shared/model/payload/cbor.ts';

const read = (hex: string) => readCbor(Uint8Array.from(Buffer.from(hex, 'hex')));

// From RFC 8949, appendix A.
it.each([
  ['1903e8', 1000],
  ['1bffffffffffffffff', '18446744073709551615'],
  ['3903e7', -1000],
  ['3bffffffffffffffff', '-18446744073709551616'],
  ['f93e00', 1.5],
  ['f90001', 2 ** -24],
  ['fa47c35000', 100000],
  ['fb3ff199999999999a', 1.1],
  ['f97c00', 'Infinity'],
  ['f97e00', 'NaN'],
  ['f5', true],
  ['f6', null],
  ['f7', 'undefined'],
  ['4401020304', "h'01020304'"],
  ['62c3bc', 'ü'],
  ['c11a514b67b0', { 'tag 1': 1363896240 }],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['a201020304', { 1: 2, 3: 4 }],
  ['a26161016162820203', { a: 1, b: [2, 3] }],
])('reads %s', (hex, value) => expect(read(hex)).toEqual({ ok: true, value }));

it.each([
  ['', 'early'],
  ['9affffffff', 'early'],
  ['5bffffffffffffffff00', 'early'],
  ['0000', 'follow'],
  ['9f01ff', 'definite'],
  ['1c', 'definite'],
  ['61ff', 'UTF-8'],
  ['a2010101 01'.replace(' ', ''), 'twice'],
  ['81'.repeat(100_000), 'deeper'],
])('refuses what is not well-formed', (hex, why) =>
  expect(read(hex)).toEqual({ ok: false, reason: expect.stringContaining(why) }),
);
