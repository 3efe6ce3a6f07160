// A strict decoder of CBOR (RFC 8949) to what JSON can hold, so that differences and plots work on it too.
// - What JSON cannot hold becomes text as in diagnostic notation (section 8): h'00ff', undefined, NaN.
// - Almost any byte is some CBOR, so it must end with the payload; whoever guesses takes maps and arrays only.
// - Indefinite lengths, unassigned simple values and repeated keys are refused, not guessed at.

import { type JsonValue, maxDepth, maxParsedBytes, type Reading } from './json.ts';

class Malformed extends Error {}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The whole of `bytes` as one CBOR data item. */
export function readCbor(bytes: Uint8Array): Reading<JsonValue> {
  if (bytes.length > maxParsedBytes) return { ok: false, reason: `Larger than ${maxParsedBytes} bytes.` };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  /** Where the next `count` bytes begin. */
  const take = (count: number): number => {
    if (count > bytes.length - at) throw new Malformed('Not CBOR: it ends too early.');
    at += count;
    return at - count;
  };

  const argument = (info: number): number | bigint => {
    if (info < 24) return info;
    if (info === 24) return view.getUint8(take(1));
    if (info === 25) return view.getUint16(take(2));
    if (info === 26) return view.getUint32(take(4));
    if (info !== 27) throw new Malformed('Not CBOR with definite lengths.');
    const wide = view.getBigUint64(take(8));
    return wide <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wide) : wide;
  };

  const float = (info: number): JsonValue => {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    if (info === 23) return 'undefined';
    if (info < 25 || info > 27) throw new Malformed('A simple value that is not assigned.');
    const value =
      info === 25 ? half(view.getUint16(take(2))) : info === 26 ? view.getFloat32(take(4)) : view.getFloat64(take(8));
    return Number.isFinite(value) ? value : String(value);
  };

  const item = (depth: number): JsonValue => {
    if (depth > maxDepth) throw new Malformed(`Nested deeper than ${maxDepth} levels.`);
    const initial = view.getUint8(take(1));
    const major = initial >> 5;
    const info = initial & 31;
    if (major === 7) return float(info);
    const size = argument(info);
    if (major === 0) return typeof size === 'number' ? size : String(size);
    if (major === 1) return typeof size === 'number' ? -1 - size : String(-1n - size);
    if (major === 6) return { [`tag ${size}`]: item(depth + 1) };
    const count = Number(size);
    // Each member takes a byte at least: a length beyond the payload is a lie, told before anything is reserved.
    if (count > bytes.length - at) throw new Malformed('Not CBOR: it ends too early.');
    if (major === 2) return `h'${hex(bytes.subarray(take(count), at))}'`;
    if (major === 3) return utf8.decode(bytes.subarray(take(count), at));
    if (major === 4) return Array.from({ length: count }, () => item(depth + 1));
    const members = new Map<string, JsonValue>();
    for (let i = 0; i < count; i++) {
      const key = item(depth + 1);
      const name = typeof key === 'string' ? key : JSON.stringify(key);
      if (members.has(name)) throw new Malformed('A map with the same key twice.');
      members.set(name, item(depth + 1));
    }
    return Object.fromEntries(members);
  };

  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    const value = item(1);
    return at === bytes.length ? { ok: true, value } : { ok: false, reason: 'Not CBOR: bytes follow its end.' };
  } catch (error) {
    return { ok: false, reason: error instanceof Malformed ? error.message : 'Not CBOR: a text that is not UTF-8.' };
  }
}

/** A half-precision float (RFC 8949, appendix D). */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (fraction + 1024) * 2 ** (exponent - 25));
}
