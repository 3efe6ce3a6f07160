import { expect, test } from 'vitest';
import { Confirmations } from '../../../electron/core/confirmations.ts';

test('a confirmation is good once, in its session, for a while, and for what was confirmed', () => {
  let now = 0;
  const confirmations = new Confirmations<string>({ now: () => new Date(now) });
  const issue = () => confirmations.issue('session', { a: 1 }, 'value');
  const token = issue();
  expect(confirmations.redeem('session', token, { a: 1 })).toEqual({ value: 'value' });
  expect(confirmations.redeem('session', token, { a: 1 })).toBeUndefined();
  expect(confirmations.redeem('another', issue(), { a: 1 })).toBeUndefined();
  expect(confirmations.redeem('session', issue(), { a: 2 })).toBeUndefined();
  expect(confirmations.redeem('session', undefined, { a: 1 })).toBeUndefined();
  const old = issue();
  now = 6 * 60_000;
  expect(confirmations.redeem('session', old, { a: 1 })).toBeUndefined();
});
