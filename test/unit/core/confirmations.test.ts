import { expect, test } from 'vitest';
import { Confirmations } from '../../../electron/core/confirmations.ts';

function make(keptAtMost?: number) {
  let now = 0;
  const confirmations = new Confirmations<string>({ now: () => new Date(now) }, keptAtMost);
  const later = (minutes: number) => {
    now += minutes * 60_000;
  };
  return { confirmations, later };
}

test('is good once, soon, for its session and for exactly what was asked about', () => {
  const { confirmations, later } = make();
  const issue = () => confirmations.issue('me', { topic: 'a' }, 'kept');
  const token = issue();
  expect(confirmations.redeem('me', token, { topic: 'a' })).toEqual({ value: 'kept' });
  expect(confirmations.redeem('me', token, { topic: 'a' })).toBeUndefined();
  expect(confirmations.redeem('you', issue(), { topic: 'a' })).toBeUndefined();
  expect(confirmations.redeem('me', issue(), { topic: 'b' })).toBeUndefined();
  expect(confirmations.redeem('me', undefined, { topic: 'a' })).toBeUndefined();
  const old = issue();
  later(6);
  expect(confirmations.redeem('me', old, { topic: 'a' })).toBeUndefined();
});

test('keeps no more than it is told to: the oldest make room', () => {
  const { confirmations } = make(2);
  const [first = '', second = '', third = ''] = ['a', 'b', 'c'].map((value) => confirmations.issue('me', value, value));
  expect(confirmations.redeem('me', first, 'a')).toBeUndefined();
  expect(confirmations.redeem('me', second, 'b')).toEqual({ value: 'b' });
  expect(confirmations.redeem('me', third, 'c')).toEqual({ value: 'c' });
});

test('no more are kept than told: the oldest make room', () => {
  const confirmations = new Confirmations<string>({ now: () => new Date(0) }, 2);
  const [first, second, third] = ['a', 'b', 'c'].map((value) => confirmations.issue('session', value, value));
  expect(confirmations.redeem('session', first, 'a')).toBeUndefined();
  expect(confirmations.redeem('session', second, 'b')).toEqual({ value: 'b' });
  expect(confirmations.redeem('session', third, 'c')).toEqual({ value: 'c' });
});
