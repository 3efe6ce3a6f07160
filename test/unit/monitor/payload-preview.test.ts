import { expect, test } from 'vitest';
import { payloadPreview } from '../../../electron/monitor/payload-preview.ts';

const preview = (...bytes: number[]) => payloadPreview(Uint8Array.from(bytes));
const previewOf = (text: string) => payloadPreview(Buffer.from(text));

test('plain text, accents and emoji are shown as they are', () => {
  expect(previewOf('{"temperature":21.5,"unit":"°C","note":"Příliš 🌡"}')).toBe(
    '{"temperature":21.5,"unit":"°C","note":"Příliš 🌡"}',
  );
  expect(previewOf('')).toBe('');
});

test('control characters are shown as escapes', () => {
  expect(previewOf('a\u0000b\u001b[31mred\u007f\u009b')).toBe('a\\u0000b\\u001b[31mred\\u007f\\u009b');
  expect(previewOf('one\ntwo\r\tthree')).toBe('one\\ntwo\\r\\tthree');
});

test('characters that reorder or hide text are shown as escapes', () => {
  expect(previewOf('user\u202egnp.exe')).toBe('user\\u202egnp.exe');
  expect(previewOf('\u2066a\u2069\u200b\u2028\u{e0041}')).toBe('\\u2066a\\u2069\\u200b\\u2028\\u{e0041}');
});

test('HTML stays text', () => {
  expect(previewOf('<img src=x onerror=alert(1)>')).toBe('<img src=x onerror=alert(1)>');
});

test('bytes that are no UTF-8 are shown one by one', () => {
  expect(preview(0x41, 0xff, 0xc3, 0x28, 0x42)).toBe('A\\xff\\xc3(B');
  // An overlong slash, a surrogate half and a cut sequence are invalid; the valid character beside them stays.
  expect(preview(0xc0, 0xaf)).toBe('\\xc0\\xaf');
  expect(preview(0xed, 0xa0, 0x80, 0xc3, 0xa9)).toBe('\\xed\\xa0\\x80é');
  expect(preview(0x41, 0xe2, 0x82)).toBe('A\\xe2\\x82');
});

test('only the beginning is shown, and no character is split', () => {
  expect(previewOf('x'.repeat(256))).toBe('x'.repeat(256));
  expect(previewOf('x'.repeat(257))).toBe(`${'x'.repeat(256)}…`);
  expect(previewOf(`x${'🌡'.repeat(100)}`)).toBe(`x${'🌡'.repeat(63)}…`);
  expect(payloadPreview(new Uint8Array(1000).fill(0x80))).toBe(`${'\\x80'.repeat(256)}…`);
});

test('a view into a larger buffer shows its own bytes only', () => {
  expect(payloadPreview(Buffer.from('secret-open-secret').subarray(7, 11))).toBe('open');
});
