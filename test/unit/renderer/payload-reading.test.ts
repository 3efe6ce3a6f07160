import { expect, it } from 'vitest';
import { readPayload } from '../../../renderer/features/monitor/message/payload-reading.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

it('reads a payload, or says why it is none of what it looks like', () => {
  expect(readPayload(bytesOf('{"a":1}'), false)).toMatchObject({ json: { kind: 'object' }, cbor: null, why: null });
  expect(readPayload(Uint8Array.of(0xa1, 0x61, 0x61, 0x01), false)).toMatchObject({ cbor: { kind: 'object' } });
  expect(readPayload(bytesOf('{"a":'), false).why).toBe('Shown as text. Not JSON.');
  expect(readPayload(Uint8Array.of(0xff), false).why).toBe('Shown as text. Not UTF-8.');
});

it.each([bytesOf('{"a":'), bytesOf('1234'), Uint8Array.of(0xff), Uint8Array.of(0xa1, 0x61, 0x61, 0x01)])(
  'judges no payload by its beginning',
  (bytes) => {
    expect(readPayload(bytes, true)).toEqual({ json: null, cbor: null, why: null });
  },
);
