import { describe, expect, test } from 'vitest';
import { asHex, asText, decodeBase64 } from '../../../renderer/features/monitor/message/payload-text.ts';

describe('a payload shown', () => {
  test('control and direction characters are shown and do not act', () => {
    const bytes = new TextEncoder().encode('a\u0007b\u202ec\nd');
    expect(asText(bytes)).toBe('a\\u{7}b\\u{202e}c\nd');
  });

  test('hex has offset, bytes and characters', () => {
    const bytes = new TextEncoder().encode('Voke\n');
    expect(asHex(bytes)).toBe(`00000000  ${'56 6f 6b 65 0a'.padEnd(47)}  Voke.`);
  });

  test('base64 gives the bytes back', () => {
    expect([...decodeBase64('AP8Q')]).toEqual([0, 255, 16]);
  });
});
