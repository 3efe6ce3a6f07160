import { expect, it } from 'vitest';
import { refusedLogins } from '../../../electron/broker/refused-logins.ts';

it('tells of each client id when it was turned away last', () => {
  const { named, unnamed } = refusedLogins([
    '1700000000: Client plc-1 disconnected, not authorised.',
    '1700000009: Client plc-1 disconnected, not authorised.',
    '1700000001: Client plc-2 [127.0.0.1:4242] disconnected: not authorised.',
    '2026-03-09T14:05:00Z: Client a disconnected, not authorised. disconnected, not authorised.',
    'Client undated disconnected, not authorised.',
    '1700000002: Client plc-3 disconnected.',
    '1700000003: New client connected from ::1 as plc-4 (p5, c1, k60).',
    '99999999999999: Client beyond disconnected, not authorised.',
  ]);
  expect(Object.fromEntries(named)).toEqual({
    'plc-1': 1_700_000_009_000,
    'plc-2': 1_700_000_001_000,
    'a disconnected, not authorised.': Date.parse('2026-03-09T14:05:00Z'),
  });
  expect(unnamed).toEqual([]);
});

it('tells of logins whose client id is not told, and where they came from if that is certain', () => {
  const { named, unnamed } = refusedLogins([
    // Mosquitto 2.0.11
    '1700000000: New connection from 10.0.0.7:34888 on port 8885.',
    '1700000000: New client connected from 10.0.0.7:34888 as plc-1 (p5, c1, k60).',
    '1700000001: New connection from 10.0.0.8:34900 on port 8885.',
    '1700000001: Client <unknown> disconnected, not authorised.',
    '1700000002: New connection from fe80::1:40000 on port 8886.',
    '1700000002: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed',
    '1700000002: Client <unknown> disconnected: Protocol error.',
    '1700000003: New connection from 10.0.0.9:1 on port 8885.',
    '1700000003: New connection from 10.0.0.10:1 on port 8885.',
    '1700000003: Client <unknown> disconnected, not authorised.',
    '1700000004: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate',
  ]);
  expect(named.size).toBe(0);
  expect(unnamed).toEqual([
    { at: 1_700_000_001_000, address: '10.0.0.8' },
    { at: 1_700_000_002_000, address: 'fe80::1' },
    { at: 1_700_000_003_000, address: undefined },
    { at: 1_700_000_004_000, address: undefined },
  ]);
});
