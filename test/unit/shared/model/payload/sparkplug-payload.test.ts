import { describe, expect, test } from 'vitest';
import { readSparkplugPayload } from '../../../../../shared/model/payload/sparkplug-payload.ts';

// Encoded after the schema of the specification with protoc's text format, by hand.
const varint = (value: bigint): number[] =>
  value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
const number = (field: number, value: bigint): number[] => [...varint(BigInt(field << 3)), ...varint(value)];
const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint(BigInt((field << 3) | 2)),
  ...varint(BigInt(content.length)),
  ...content,
];
const text = (field: number, content: string): number[] => bytes(field, [...new TextEncoder().encode(content)]);
const fixed = (field: number, wire: 1 | 5, content: ArrayBuffer): number[] => [
  ...varint(BigInt((field << 3) | wire)),
  ...new Uint8Array(content),
];
const float = (value: number) => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value, true);
  return view.buffer;
};
const double = (value: number) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return view.buffer;
};
const payload = (...parts: number[][]): Uint8Array => Uint8Array.from(parts.flat());
const metric = (...parts: number[][]): number[] => bytes(2, parts.flat());

describe('a Sparkplug B payload', () => {
  test('is read with its metrics, each by its type', () => {
    const read = readSparkplugPayload(
      payload(
        number(1, 1_700_000_000_000n),
        metric(text(1, 'Temperature'), number(3, 1_700_000_000_001n), number(4, 10n), fixed(13, 1, double(21.5))),
        metric(number(2, 7n), number(4, 9n), fixed(12, 5, float(0.5))),
        metric(text(1, 'Level'), number(4, 3n), number(10, 0xffff_fff6n)),
        metric(text(1, 'Count'), number(4, 8n), number(11, 18_446_744_073_709_551_615n)),
        metric(text(1, 'Open'), number(4, 11n), number(14, 1n)),
        metric(text(1, 'State'), number(4, 12n), text(15, 'läuft')),
        metric(text(1, 'None'), number(4, 12n), number(7, 1n)),
        metric(text(1, 'Raw'), number(4, 17n), bytes(16, [1, 2, 3])),
        number(3, 42n),
      ),
    );
    if (!read.ok) throw new Error(read.reason);
    expect(read.value.timestamp).toBe(1_700_000_000_000);
    expect(read.value.seq).toBe(42);
    expect(read.value.metrics.map(({ name, datatype, value }) => [name, datatype, value])).toEqual([
      ['Temperature', 'Double', 21.5],
      [null, 'Float', 0.5],
      ['Level', 'Int32', -10],
      ['Count', 'UInt64', '18446744073709551615'],
      ['Open', 'Boolean', true],
      ['State', 'String', 'läuft'],
      ['None', 'String', null],
      ['Raw', 'Bytes', '3 bytes'],
    ]);
    expect(read.value.metrics[1]?.alias).toBe('7');
  });

  test('that ends too early, or is something else, is told as none', () => {
    const whole = payload(number(1, 1_700_000_000_000n), metric(text(1, 'Temperature'), number(4, 10n)));
    expect(readSparkplugPayload(whole.subarray(0, whole.length - 1)).ok).toBe(false);
    expect(readSparkplugPayload(new TextEncoder().encode('{"hello": "json"}')).ok).toBe(false);
    expect(readSparkplugPayload(payload(metric([...bytes(1, [0xff])]))).ok).toBe(false);
  });

  test('a length that lies reserves nothing and is refused', () => {
    expect(readSparkplugPayload(Uint8Array.of(0x12, 0xff, 0xff, 0xff, 0xff, 0x0f)).ok).toBe(false);
  });
});
