import { describe, expect, test } from 'vitest';
import { asHex, asJson, asText, decodeBase64, hiddenBytes } from '../../../renderer/features/monitor/payload.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a payload shown', () => {
  test('JSON is indented, and its numbers keep the digits that were sent', () => {
    expect(asJson(bytes('{"a":1.0,"b":[12345678901234567890,{}],"c":"x, {y}: [z]","d":[]}'))).toBe(
      '{\n  "a": 1.0,\n  "b": [\n    12345678901234567890,\n    {}\n  ],\n  "c": "x, {y}: [z]",\n  "d": []\n}',
    );
  });

  test('what is no JSON or no UTF-8 is not shown as JSON', () => {
    expect(asJson(bytes('{"a":'))).toBeNull();
    expect(asJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeNull();
  });

  test('control and direction characters are shown and do not act', () => {
    expect(asText(bytes('a\u0007b\u202ec\nd'))).toBe('a\\u{7}b\\u{202e}c\nd');
  });

  test('hex has offset, bytes and characters', () => {
    expect(asHex(bytes('Voke\n'))).toBe(`00000000  ${'56 6f 6b 65 0a'.padEnd(47)}  Voke.`);
  });

  test('says how much of a large payload is not shown', () => {
    expect(hiddenBytes(new Uint8Array(20_000), 'hex')).toBe(20_000 - 16_384);
    expect(hiddenBytes(new Uint8Array(20_000), 'text')).toBe(0);
  });

  test('base64 gives the bytes back', () => {
    expect([...decodeBase64('AP8Q')]).toEqual([0, 255, 16]);
  });
});
