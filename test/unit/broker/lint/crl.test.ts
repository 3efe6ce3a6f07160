import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { buildCrl } from '../../../../electron/authority/crl.ts';
import { type CreatedAuthority, createAuthority } from '../../../../electron/authority/root.ts';
import { isIssuedBy, readCrl } from '../../../../electron/broker/lint/crl.ts';

let authority: CreatedAuthority;
/** Of ten years, and filled up with `=` at its end: one regular expression over all of it runs out of stack. */
let long: string;

beforeAll(async () => {
  const now = new Date('2031-05-06T07:08:09Z');
  authority = await createAuthority({ keyAlgorithm: 'EC-P256', now });
  for (let count = 90_000; long === undefined || !long.includes('='); count++) {
    const entries = Array.from({ length: count }, (_, index) => ({
      serialNumber: `5a${index.toString(16).padStart(30, '0')}`,
      revokedAt: now,
      reason: 'superseded' as const,
    }));
    long = (await buildCrl({ authority, entries, number: 2n, now })).crlPem;
  }
});

it('reads a long list whole', async () => {
  expect(long.length).toBeGreaterThan(5_000_000);
  const issuer = new X509Certificate(authority.certificatePem);
  for (const pem of [long, long.replaceAll('\n', '\r\n'), `${long}\n \n`]) {
    expect(await isIssuedBy(await readCrl(pem), issuer)).toBe(true);
  }
});

const inTheMiddle = (pem: string, text: string) => `${pem.slice(0, 130_000)}${text}${pem.slice(130_000 + text.length)}`;

it.each<[string, (pem: string) => string]>([
  ['another character', (pem) => inTheMiddle(pem, '*')],
  ['a space', (pem) => inTheMiddle(pem, ' ')],
  ['padding in the middle', (pem) => inTheMiddle(pem, '=')],
  ['a line too long', (pem) => `${pem.slice(0, 130_000)}${pem.slice(130_000).replace('\n', '')}`],
  ['bits that nobody reads', (pem) => pem.replace(/.(={1,2}\n)/, (_, end) => `/${end}`)],
  ['no padding at its end', (pem) => pem.replace(/=+\n/, '\n')],
  ['something behind it', (pem) => `${pem}and more`],
  ['something before it', (pem) => `\n${pem}`],
  ['no end', (pem) => pem.slice(0, -20)],
])('refuses a list with %s', async (_what, spoil) => {
  await expect(readCrl(spoil(long))).rejects.toThrow(TypeError);
});
