import { expect, test } from 'vitest';
import { brokerTime, lastReloadFaults, newLines, reachesBack } from '../../../../electron/broker/doctor/broker-log.ts';

test('tells what is new in a log that keeps its last lines only', () => {
  expect(newLines([], ['a', 'b'])).toEqual(['a', 'b']);
  expect(newLines(['a', 'b'], ['a', 'b', 'c'])).toEqual(['c']);
  expect(newLines(['a', 'b', 'c'], ['b', 'c', 'd'])).toEqual(['d']);
  expect(newLines(['a', 'b'], ['x', 'y'])).toEqual(['x', 'y']);
  expect(newLines(['a', 'b'], ['a', 'b'])).toEqual([]);
});

test('tells whether lines may be missing between two looks', () => {
  expect(reachesBack([], ['x'])).toBe(true);
  expect(reachesBack(['a', 'b'], ['a', 'b'])).toBe(true);
  expect(reachesBack(['a', 'b'], ['b', 'c'])).toBe(true);
  expect(reachesBack(['a', 'b'], ['x', 'y'])).toBe(false);
  expect(reachesBack(['a', 'b'], [])).toBe(false);
  expect(reachesBack(['a'], ['2: mosquitto version 2.0.11 starting', '2: Config loaded from x.'])).toBe(true);
});

test('reads the broker’s clock from its last line that has a time', () => {
  expect(brokerTime(['1700000000: one', '1700000007: two', 'no time'])?.getTime()).toBe(1_700_000_007_000);
  expect(brokerTime(['2026-01-01T00:00:00: of another form', 'none'])).toBeUndefined();
});

test('tells what a broker complained of when it read its files last, and not before', () => {
  const lines = [
    '1: mosquitto version 2.0.11 starting',
    '1: Error: Unable to open pwfile "/old".',
    '2: Reloading config.',
    '2: Error: Invalid line in acl_file "/etc/acl": x.',
    '3: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed',
  ];
  expect(lastReloadFaults(lines)).toEqual(['2: Error: Invalid line in acl_file "/etc/acl": x.']);
  expect(
    lastReloadFaults(['1: mosquitto version 2.0.11 starting', '1: Error: a', '1: mosquitto version 2.0.11 running']),
  ).toEqual([]);
});
