// The code that a bundle is encrypted to. It is typed on a device, perhaps with gloves and from a sheet of paper, so it
// has no letters that are taken for digits (Crockford's base32: no I, L, O, U), and what is read wrong is put right there.

import { randomInt } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Of 5 bits each: 100 bits, so that trying codes out is hopeless however fast. */
const symbols = 20;
const groupSize = 4;

export type OneTimeCode = {
  /** As it is shown: `7K3F-9QXD-…`. */
  readonly shown: string;
  /** What it means, and what is encrypted with: without the hyphens. */
  readonly passphrase: string;
};

export function newOneTimeCode(): OneTimeCode {
  const passphrase = Array.from({ length: symbols }, () => alphabet[randomInt(alphabet.length)]).join('');
  return { shown: passphrase.replaceAll(new RegExp(`.{${groupSize}}(?=.)`, 'g'), '$&-'), passphrase };
}
