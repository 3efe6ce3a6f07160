import { expect, it } from 'vitest';
import { refusedLogins } from '../../../electron/broker/refused-logins.ts';

it('tells of each client id when it was turned away last', () => {
  const refused = refusedLogins([
    '1700000000: Client plc-1 disconnected, not authorised.',
    '1700000009: Client plc-1 disconnected, not authorised.',
    '1700000001: Client plc-2 [127.0.0.1:4242] disconnected: not authorised.',
    '2026-03-09T14:05:00Z: Client a disconnected, not authorised. disconnected, not authorised.',
    'Client undated disconnected, not authorised.',
    '1700000002: Client plc-3 disconnected.',
    '1700000003: New client connected from ::1 as plc-4 (p5, c1, k60).',
    '99999999999999: Client beyond disconnected, not authorised.',
  ]);
  expect(Object.fromEntries(refused)).toEqual({
    'plc-1': 1_700_000_009_000,
    'plc-2': 1_700_000_001_000,
    'a disconnected, not authorised.': Date.parse('2026-03-09T14:05:00Z'),
  });
});
