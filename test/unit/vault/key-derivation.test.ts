import { expect, test } from 'vitest';
import {
  deriveKey,
  greatestKdf,
  kdfAcceptable,
  passphraseLongEnough,
  standardKdf,
} from '../../../electron/vault/key-derivation.ts';
import { weakKdf } from '../../support/vault-constants.ts';

test("it is Argon2id: the reference implementation's own test vector", async () => {
  // phc-winner-argon2, src/test.c: version 0x13, t=2, m=2^16, p=1, "password", "somesalt"
  const key = await deriveKey('password', Buffer.from('somesalt'), { memoryKib: 65_536, passes: 2, parallelism: 1 });
  expect(key.toString('hex')).toBe('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7');
});

test('a passphrase means the same however its characters were composed', async () => {
  const salt = Buffer.alloc(16, 1);
  const composed = await deriveKey('Kl\u00ed\u010d od vodojemu', salt, weakKdf);
  expect(await deriveKey('Kli\u0301c\u030c od vodojemu', salt, weakKdf)).toEqual(composed);
  expect(await deriveKey('Klic od vodojemu', salt, weakKdf)).not.toEqual(composed);
});

test('parameters below the least or above the ceiling are not acceptable', () => {
  expect(standardKdf).toEqual({ memoryKib: 65_536, passes: 3, parallelism: 4 });
  expect(kdfAcceptable(standardKdf, standardKdf)).toBe(true);
  expect(kdfAcceptable(greatestKdf, standardKdf)).toBe(true);
  for (const name of ['memoryKib', 'passes', 'parallelism'] as const) {
    expect(kdfAcceptable({ ...standardKdf, [name]: standardKdf[name] - 1 }, standardKdf)).toBe(false);
    expect(kdfAcceptable({ ...standardKdf, [name]: greatestKdf[name] + 1 }, standardKdf)).toBe(false);
  }
});

test('the length counts characters, not code units', () => {
  expect(passphraseLongEnough('twelve chars')).toBe(true);
  expect(passphraseLongEnough('eleven char')).toBe(false);
  expect(passphraseLongEnough('🔑'.repeat(11))).toBe(false);
  expect(passphraseLongEnough('e\u0301'.repeat(11))).toBe(false);
});
