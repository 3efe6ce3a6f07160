// The vectors that OpenSSL and Bouncy Castle test themselves with.

import { expect, it } from 'vitest';
import { derivedFor, derivePkcs12 } from '../../../../electron/authority/pkcs12/derive.ts';

it.each([
  ['smeg', '0A58CF64530D823F', 1, 'key', '8AAAE6297B6CB04642AB5B077851284EB7128F1A2A7FBCA3'],
  ['smeg', '0A58CF64530D823F', 1, 'iv', '79993DFE048D3B76'],
  ['smeg', '642B99AB44FB4B1F', 1, 'key', 'F3A95FEC48D7711E985CFE67908C5AB79FA3D7C5CAA5D966'],
  ['smeg', '3D83C0E4546AC140', 1, 'mac', '8D967D88F6CAA9D714800AB3D48051D63F73A312'],
  ['queeg', '05DEC959ACFF72F7', 1000, 'key', 'ED2034E36328830FF09DF1E1A07DD357185DAC0D4F9EB3D4'],
  ['queeg', '05DEC959ACFF72F7', 1000, 'iv', '11DEDAD7758D4860'],
] as const)('derives what everyone derives from “%s” and %s, %d times, for the %s', async (...vector) => {
  const [password, salt, iterations, purpose, expected] = vector;
  const derived = await derivePkcs12({
    hash: 'sha1',
    password,
    salt: Buffer.from(salt, 'hex'),
    iterations,
    purpose: derivedFor[purpose],
    length: expected.length / 2,
  });
  expect(derived.toString('hex').toUpperCase()).toBe(expected);
});
