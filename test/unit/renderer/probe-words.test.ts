import { expect, it } from 'vitest';
import { byListener, reportHeadline } from '../../../renderer/features/brokers/push/probe-words.ts';
import type { ProbeResult } from '../../../shared/model/probe.ts';

const probe = (listener: 'mtls' | 'password', name: string, ok: boolean): ProbeResult => ({
  listener,
  port: listener === 'mtls' ? 8883 : 8885,
  name,
  expected: 'refused',
  outcome: ok ? 'refused' : 'accepted',
  ok,
  reason: null,
});

const results = [
  probe('mtls', 'a stranger', true),
  probe('password', 'a right password', true),
  probe('password', 'a wrong password', false),
];

it('puts the listener that answered otherwise first, and in it the probe', () => {
  const [first, second] = byListener({ after: 'push', results });
  expect(first).toMatchObject({ listener: 'password', port: 8885, failedCount: 1 });
  expect(first?.results.map(({ name }) => name)).toEqual(['a wrong password', 'a right password']);
  expect(second).toMatchObject({ listener: 'mtls', failedCount: 0 });
});

it('says how many probes answered otherwise, and when they were asked', () => {
  expect(reportHeadline({ after: 'push', results })).toBe('After the push: 1 of 3 probes answered otherwise');
  expect(reportHeadline({ after: 'undo', results: results.slice(0, 2) })).toBe(
    'After undoing it: all 2 probes answered as they must',
  );
});
