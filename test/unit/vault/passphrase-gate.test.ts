import { expect, test } from 'vitest';
import { PassphraseGate } from '../../../electron/vault/passphrase-gate.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';

const wrong = async (): Promise<void> => {
  throw new ConsoleError('vault/wrong-passphrase');
};

test('each wrong passphrase is answered later than the one before, up to 30 seconds; a right one starts over', async () => {
  const slept: number[] = [];
  const gate = new PassphraseGate(async (milliseconds) => {
    slept.push(milliseconds);
  });
  for (let i = 0; i < 9; i++) await expect(gate.attempt(wrong)).rejects.toThrow(ConsoleError);
  expect(slept).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  await gate.attempt(async () => {});
  await expect(gate.attempt(wrong)).rejects.toThrow();
  expect(slept.at(-1)).toBe(250);
});

test('other failures are answered at once and do not count', async () => {
  const slept: number[] = [];
  const gate = new PassphraseGate(async (milliseconds) => {
    slept.push(milliseconds);
  });
  const damaged = async () => {
    throw new ConsoleError('vault/damaged');
  };
  await expect(gate.attempt(damaged)).rejects.toMatchObject({ code: 'vault/damaged' });
  expect(slept).toEqual([]);
});
