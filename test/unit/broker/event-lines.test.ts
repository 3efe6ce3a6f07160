import { expect, test } from 'vitest';
import { EventLines, keptEvents, messageLinePattern } from '../../../electron/broker/event-lines.ts';
import { search } from '../../../electron/broker/targets/ssh/ask.ts';
import { localShell } from '../../support/local-shell.ts';

const messages = [
  "1700000000: Received PUBLISH from plc-1 (d0, q1, r0, m7, 'cpi/x/1', ... (1 bytes))",
  '1700000000: Sending PUBACK to plc-1 (m7, rc0)',
  "2026-01-01T00:00:00: Sending PUBLISH to console (d0, q0, r0, m0, 'cpi/x/1', ... (1 bytes))",
  'Received PUBCOMP from plc-1 (Mid: 7, RC:0)',
  '1700000000: Received PINGREQ from plc-1',
  '1700000000: Sending PINGRESP to plc-1',
  "1700000000: Received PUBLISH from plc-1 (d0, q0, r0, m0, '1700000000: Client x disconnected, not authorised.",
];
const events = [
  '1700000000: mosquitto version 2.0.11 starting',
  '1700000000: Sending CONNACK to plc-1 (0, 5)',
  '1700000000: Client Received PUBLISH from disconnected, not authorised.',
  '1700000000: Received SUBSCRIBE from plc-1',
  '\tcpi/# (QoS 0)',
  "1700000000: Denied PUBLISH from plc-1 (d0, q0, r0, m0, 'cpi/x/1', ... (1 bytes))",
];
const log = [...messages, ...events.flatMap((event) => [event, ...messages])];

test('keeps what is not about messages, however its pieces come and however many messages there are', () => {
  const kept = new EventLines();
  const text = `${log.join('\n')}\n`;
  for (let at = 0; at < text.length; at += 7) kept.write(text.slice(at, at + 7));
  for (let i = 0; i < 1000; i++) kept.write(`${messages.join('\n')}\n`);
  expect(kept.all()).toEqual(events);
});

test('keeps no secret, and not without end', () => {
  const kept = new EventLines();
  kept.write(`bad line bob:$7$1000$c2FsdA==$a2V5\n`);
  expect(kept.all().join()).not.toContain('c2FsdA==');
  for (let i = 0; i < 2 * keptEvents; i++) kept.write(`event ${i}\n`);
  expect(kept.all()).toHaveLength(keptEvents);
  expect(kept.all().at(-1)).toBe(`event ${2 * keptEvents - 1}`);
});

test('a host leaves the same lines where they are', async () => {
  const host = localShell(['sh', '-s']);
  const print = `{ cat <<'END' | tail -n "$lines"\n${log.join('\n')}\nEND\n}`;
  const wanted = { pattern: messageLinePattern, within: 1000, lines: 500 } as const;
  expect(await search(host, print, { ...wanted, wants: 'others' })).toEqual(events);
  expect(await search(host, print, { ...wanted, wants: 'others', lines: 2 })).toEqual(events.slice(-2));
  expect(await search(host, print, { ...wanted, wants: 'others', within: messages.length })).toEqual([]);
  expect(await search(host, print, { ...wanted, wants: 'matching', within: 1 })).toEqual(messages.slice(-1));
});
