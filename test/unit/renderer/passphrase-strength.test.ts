import { expect, test } from 'vitest';
import { passphraseStrength } from '../../../renderer/features/vault/passphrase-strength.ts';

test.each([
  ['short', 0],
  ['aaaaaaaaaaaaaaaaaaaa', 1],
  ['abcdefghijklmnopqrst', 1],
  ['123456789012345', 1],
  ['correct horse battery staple', 3],
  ['gT7#mQ2!xW9z', 2],
])('%s has strength %i', (passphrase, level) => {
  expect(passphraseStrength(passphrase).level).toBe(level);
});

test('says how many characters are missing', () => {
  expect(passphraseStrength('elevenchars').words).toBe('Too short: 1 more character');
});
