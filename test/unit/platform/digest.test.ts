import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { digestsByName, sha256Hex } from '../../../electron/platform/digest.ts';

it.each([0, 65_535, 65_536, 1_000_000])('hashes %i bytes as everybody does', async (length) => {
  const content = Buffer.alloc(length, 'text');
  const expected = createHash('sha256').update(content).digest('hex');
  expect(await sha256Hex(content)).toBe(expected);
  // A view into something longer counts as what it shows.
  expect(await sha256Hex(Buffer.concat([Buffer.from('x'), content, Buffer.from('y')]).subarray(1, -1))).toBe(expected);
});

it('answers by name', async () => {
  const empty = new Uint8Array();
  expect(await digestsByName([{ name: 'acl', content: empty }])).toEqual({ acl: await sha256Hex(empty) });
});
