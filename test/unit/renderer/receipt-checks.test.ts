import { expect, it } from 'vitest';
import { clockRemark, receiptChecks } from '../../../renderer/features/deployments/offline/receipt-checks.ts';
import type { ErrorCode } from '../../../shared/model/errors.ts';

const failureOf = (code: ErrorCode) => ({ code, sentence: `sentence of ${code}`, fields: [] });
const verdicts = (code: ErrorCode) => receiptChecks(failureOf(code)).map(({ verdict }) => verdict);

it('tells that all was looked at, or how far it came', () => {
  expect(new Set(receiptChecks(null).map(({ verdict }) => verdict))).toEqual(new Set(['ok']));
  expect(verdicts('offline/receipt-unreadable')).toEqual(['refused', ...Array(6).fill('skipped')]);
  expect(verdicts('offline/receipt-not-authentic')).toEqual(['ok', 'ok', 'refused', ...Array(4).fill('skipped')]);
  expect(verdicts('offline/receipt-mismatch')).toEqual([...Array(6).fill('ok'), 'refused']);
  const refused = receiptChecks(failureOf('offline/bundle-void')).find(({ verdict }) => verdict === 'refused');
  expect(refused?.sentence).toBe('sentence of offline/bundle-void');
});

it('makes no checks up where something else failed', () => {
  expect(receiptChecks(failureOf('vault/locked'))).toEqual([]);
});

it('doubts a clock that a receipt cannot have been written by', () => {
  const now = Date.parse('2026-03-09T12:00:00Z');
  const remarkOf = (deviceClock: string) => clockRemark({ deviceClock, exportedAt: '2026-03-08T12:00:00Z' }, now);
  expect(remarkOf('2026-03-09T11:00:00Z')).toBeNull();
  expect(remarkOf('2026-03-09T12:01:00Z')).toBeNull();
  expect(remarkOf('2026-03-09T12:05:00Z')).toBe('ahead');
  expect(remarkOf('1970-01-01T00:00:00Z')).toBe('behind');
});
