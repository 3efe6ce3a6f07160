import { expect, it } from 'vitest';
import { joinPems, pemBlocks } from '../../../electron/platform/pem-blocks.ts';

const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
const [first, second] = [block('CERTIFICATE', 'AAAA'), block('CERTIFICATE', 'BBBB')];

it('takes a file apart as it was put together', () => {
  expect(pemBlocks(joinPems([first, second]), 'CERTIFICATE')).toEqual([first, second]);
  expect(joinPems([first.trimEnd(), `${second}\n\n`])).toBe(first + second);
});

it.each([
  ['nothing', ''],
  ['another label', block('X509 CRL', 'AAAA')],
  ['something between', `${first}# a comment\n${second}`],
  ['a block that is cut off', `${first}${second.slice(0, 40)}`],
])('refuses %s', (_what, text) => {
  expect(() => pemBlocks(text, 'CERTIFICATE')).toThrow(TypeError);
});
