import { expect, test } from 'vitest';
import { readRefusal } from '../../../../electron/monitor/alerts/refusals.ts';

test.each([
  ['1700000000: Client <unknown> disconnected, not authorised.', 'login'],
  ['1700000000: Client d disconnected, not authorised.', 'client d'],
  ['2026-03-01T10:00:00: Client d [192.0.2.1:5000] disconnected: not authorised.', 'client d'],
  ['Client a b disconnected, not authorised.', 'client a b'],
  ['1: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed', 'certificate'],
  ['1: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate', 'certificate'],
])('%s', (line, subject) => {
  expect(readRefusal(line)?.subject).toBe(subject);
});

test.each([
  '1700000000: Client d disconnected.',
  '1700000000: New client connected from 127.0.0.1:1 as d (p2, c1, k60).',
  "1700000000: New client connected from 127.0.0.1:1 as Client x disconnected, not authorised. (p2, c1, k60, u'u').",
  '1700000000: OpenSSL Error[0]: error:0A000126:SSL routines::unexpected eof while reading',
])('no refusal: %s', (line) => {
  expect(readRefusal(line)).toBeUndefined();
});
