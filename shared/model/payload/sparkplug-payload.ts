// The payload of a Sparkplug B message (Sparkplug 3.0, chapter 6.4): Protocol Buffers of a fixed schema. It is read by
// hand, since it needs a dozen fields, and strictly: whoever calls has seen Sparkplug's topic first.
// - A metric of a dataset, a template or an unknown type is told by its type, without a value.

import type { JsonValue, Reading } from './json.ts';
import { maxParsedBytes } from './json.ts';

export type SparkplugMetric = {
  /** Null where the sender uses the alias of its birth message. */
  readonly name: string | null;
  readonly alias: string | null;
  /** Unix milliseconds. */
  readonly timestamp: number | null;
  /** By the names of the specification; null where it is not told. */
  readonly datatype: string | null;
  readonly value: JsonValue;
};

export type SparkplugPayload = {
  readonly timestamp: number | null;
  readonly seq: number | null;
  readonly metrics: readonly SparkplugMetric[];
};

const datatypes = [
  'Unknown',
  ...['Int8', 'Int16', 'Int32', 'Int64', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'Float', 'Double', 'Boolean'],
  ...['String', 'DateTime', 'Text', 'UUID', 'DataSet', 'Bytes', 'File', 'Template'],
] as const;

class Malformed extends Error {}

type Field = { readonly number: number } & (
  | { readonly wire: 'varint' | 'fixed64' | 'fixed32'; readonly value: bigint }
  | { readonly wire: 'bytes'; readonly bytes: Uint8Array }
);

/** The fields of one message, in order (Protocol Buffers, encoding). */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count: number): number => {
    if (count > bytes.length - at) throw new Malformed('it ends too early');
    at += count;
    return at - count;
  };
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = view.getUint8(take(1));
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new Malformed('a number does not end');
  };
  while (at < bytes.length) {
    const key = Number(varint());
    const number = key >>> 3;
    switch (key & 7) {
      case 0:
        yield { number, wire: 'varint', value: varint() };
        break;
      case 1:
        yield { number, wire: 'fixed64', value: view.getBigUint64(take(8), true) };
        break;
      case 2: {
        const size = Number(varint());
        yield { number, wire: 'bytes', bytes: bytes.subarray(take(size), at) };
        break;
      }
      case 5:
        yield { number, wire: 'fixed32', value: BigInt(view.getUint32(take(4), true)) };
        break;
      default:
        throw new Malformed('a field of no known kind');
    }
  }
}

const safe = (value: bigint): number | string =>
  value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : String(value);

const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** Signed types travel in the two's complement of an unsigned field. */
const integer = (value: bigint, datatype: string | null): number | string => {
  const bits = /^Int(8|16|32|64)$/.exec(datatype ?? '')?.[1];
  return safe(bits === undefined ? value : BigInt.asIntN(Number(bits), value));
};

function float(value: bigint, bits: 32 | 64): JsonValue {
  const view = new DataView(new ArrayBuffer(8));
  if (bits === 32) view.setUint32(0, Number(value));
  else view.setBigUint64(0, value);
  const number = bits === 32 ? view.getFloat32(0) : view.getFloat64(0);
  return Number.isFinite(number) ? number : String(number);
}

function readMetric(bytes: Uint8Array): SparkplugMetric {
  const fields = new Map([...fieldsOf(bytes)].map((field) => [field.number, field]));
  const varint = (number: number): bigint | undefined => {
    const field = fields.get(number);
    return field && field.wire !== 'bytes' ? field.value : undefined;
  };
  const blob = (number: number): Uint8Array | undefined => {
    const field = fields.get(number);
    return field?.wire === 'bytes' ? field.bytes : undefined;
  };
  const name = blob(1);
  const alias = varint(2);
  const timestamp = varint(3);
  const type = varint(4);
  const datatype = type === undefined ? null : (datatypes[Number(type)] ?? `type ${type}`);
  const value = (): JsonValue => {
    if (varint(7) === 1n) return null;
    const whole = varint(10) ?? varint(11);
    if (whole !== undefined) return integer(whole, datatype);
    const single = varint(12);
    if (single !== undefined) return float(single, 32);
    const double = varint(13);
    if (double !== undefined) return float(double, 64);
    const truth = varint(14);
    if (truth !== undefined) return truth !== 0n;
    const string = blob(15);
    if (string) return text(string);
    const raw = blob(16);
    return raw ? `${raw.length} bytes` : null;
  };
  return {
    name: name ? text(name) : null,
    alias: alias === undefined ? null : String(alias),
    timestamp: timestamp === undefined ? null : Number(timestamp),
    datatype,
    value: value(),
  };
}

/** The whole of `bytes` as a Sparkplug B payload. */
export function readSparkplugPayload(bytes: Uint8Array): Reading<SparkplugPayload> {
  if (bytes.length > maxParsedBytes) return { ok: false, reason: `Larger than ${maxParsedBytes} bytes.` };
  let timestamp: number | null = null;
  let seq: number | null = null;
  const metrics: SparkplugMetric[] = [];
  try {
    for (const field of fieldsOf(bytes)) {
      if (field.number === 1 && field.wire !== 'bytes') timestamp = Number(field.value);
      if (field.number === 2 && field.wire === 'bytes') metrics.push(readMetric(field.bytes));
      if (field.number === 3 && field.wire !== 'bytes') seq = Number(field.value);
    }
  } catch (error) {
    const because = error instanceof Malformed ? error.message : 'a text is not UTF-8';
    return { ok: false, reason: `Not a Sparkplug B payload: ${because}.` };
  }
  return { ok: true, value: { timestamp, seq, metrics } };
}
