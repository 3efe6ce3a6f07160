import { RPCLink } from '@orpc/client/websocket';
import { expect, test } from 'vitest';
import { isCallEnvelope } from '../../../electron/host-loopback/call-envelope.ts';

type Message = Parameters<typeof isCallEnvelope>[0];

/** What oRPC's own client sends for a call with `input`. */
async function sentFor(input: unknown): Promise<Message> {
  const socket = new EventTarget();
  const sent = new Promise<Message>((resolve) => Object.assign(socket, { readyState: 1, send: resolve }));
  const link = new RPCLink({ websocket: socket as unknown as WebSocket });
  void link.call(['vault', 'restore'], input, { context: {} }).catch(() => {});
  return await sent;
}

/** `json` as a binary message, with a body behind the delimiter. */
const binary = (json: string, body: readonly number[] = []): ArrayBuffer =>
  Uint8Array.from([...new TextEncoder().encode(json), 0xff, ...body]).buffer;

test("takes what oRPC's client sends, with a file and without", async () => {
  const text = await sentFor({ passphrase: 'grün' });
  expect(typeof text).toBe('string');
  expect(isCallEnvelope(text)).toBe(true);
  const withFile = await sentFor({ backup: new File([Uint8Array.of(1, 0xff, 2)], 'plant.vault') });
  expect(typeof withFile).toBe('object');
  expect(isCallEnvelope(withFile)).toBe(true);
});

test('takes events of a stream, and the end of a call', () => {
  expect(isCallEnvelope('{"i":"1","t":3,"p":{"e":"done"}}')).toBe(true);
  expect(isCallEnvelope('{"i":"1","t":4}')).toBe(true);
});

test.each([
  '{"passphrase":"correct horse',
  '"correct horse"',
  'null',
  '[]',
  '{}',
  '{"i":1,"p":{"u":"/vault/get"}}',
  '{"i":"1"}',
  '{"i":"1","p":null}',
  '{"i":"1","p":{}}',
  '{"i":"1","p":{"u":"no address"}}',
  '{"i":"1","p":{"u":"/vault/get","h":{"content-type":5}}}',
  '{"i":"1","t":2,"p":{"u":"/vault/get"}}',
  '{"i":"1","t":3,"p":{"e":"other"}}',
])('takes no %s, as text or in binary', (json) => {
  expect(isCallEnvelope(json)).toBe(false);
  expect(isCallEnvelope(binary(json))).toBe(false);
  expect(isCallEnvelope(binary(json).slice(0, -1))).toBe(false);
});

test('takes no binary message whose JSON part is no UTF-8', () => {
  const broken = Uint8Array.from([
    ...new TextEncoder().encode('{"i":"'),
    0xc3,
    ...new TextEncoder().encode('","t":4}'),
  ]);
  expect(isCallEnvelope(broken.buffer)).toBe(false);
});
