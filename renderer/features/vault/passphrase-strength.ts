// A rough judgement, to steer towards length: guesses are what an attacker with the file makes, slowed by Argon2id.

import { minPassphraseLength } from '../../../shared/model/vault.ts';

export type PassphraseStrength = { readonly level: 0 | 1 | 2 | 3; readonly words: string };

const kinds = [
  { pattern: /\p{Ll}/u, size: 26 },
  { pattern: /\p{Lu}/u, size: 26 },
  { pattern: /\p{Nd}/u, size: 10 },
  { pattern: /[^\p{L}\p{Nd}]/u, size: 33 },
];

const fairBits = 55;
const strongBits = 80;

/** Characters that are not foretold by the two before them: repetitions and runs such as `aaa`, `123`, `cba`. */
function surprisingLength(text: string): number {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const step = (i: number) => (codes[i] ?? 0) - (codes[i - 1] ?? 0);
  return codes.filter((_, i) => i < 2 || step(i) !== step(i - 1) || Math.abs(step(i)) > 1).length;
}

/** How a passphrase would hold, in words. Level 0 is refused by the vault. */
export function passphraseStrength(passphrase: string): PassphraseStrength {
  const missing = minPassphraseLength - passphrase.length;
  if (missing > 0)
    return { level: 0, words: `Too short: ${missing} more ${missing === 1 ? 'character' : 'characters'}` };
  const alphabet = kinds.reduce((sum, { pattern, size }) => sum + (pattern.test(passphrase) ? size : 0), 0);
  const distinct = new Set(passphrase).size;
  const bits = Math.min(surprisingLength(passphrase), distinct * 2) * Math.log2(Math.max(alphabet, 2));
  if (bits < fairBits) return { level: 1, words: 'Weak: easy to guess. Use four or more unrelated words.' };
  if (bits < strongBits) return { level: 2, words: 'Fair: one or two more words make it strong.' };
  return { level: 3, words: 'Strong' };
}
