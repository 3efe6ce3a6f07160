// A DER writer (ITU-T X.690, section 10) for certificates and CRLs; der-reader.ts is its counterpart.
// Own code, because the schema library of this field (@peculiar/asn1-x509 2.11) was measured and does not fit:
// - 0.5 ms on the main thread for a certificate, where putting encoded parts together takes a tenth of that
//   and all other work for an EC certificate takes 1.7 ms;
// - it refuses to read CRLs of more than about 1,400 entries, and writes them in super-linear time;
// - it silently encodes ::ffff:1.2.3.4 as another address.

export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Tag and length around the joined contents. Tag numbers below 31 only, which is all that X.509 needs. */
export function tlv(tagByte: number, ...contents: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const content of contents) length += content.length;
  return Buffer.concat([header(tagByte, length), ...contents]);
}

/** Tag and length, for contents that follow in another buffer. */
export function header(tagByte: number, length: number): Buffer {
  if (length < 0x80) return Buffer.of(tagByte, length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.of(tagByte, 0x80 | bytes.length, ...bytes);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => tlv(tag.sequence, ...parts);
export const setOf = (part: Uint8Array): Buffer => tlv(tag.set, part);
export const octetString = (content: Uint8Array): Buffer => tlv(tag.octetString, content);
export const nullValue = Buffer.of(tag.null, 0);
export const trueValue = Buffer.of(tag.boolean, 1, 0xff);

/** `[number]` around a whole value, or in place of the tag of a constructed type. */
export const constructedTag = (number: number): number => 0xa0 | number;
/** `[number]` in place of the tag of a primitive type. */
export const primitiveTag = (number: number): number => 0x80 | number;
export const explicit = (number: number, part: Uint8Array): Buffer => tlv(constructedTag(number), part);
export const implicit = (number: number, content: Uint8Array): Buffer => tlv(primitiveTag(number), content);

/** A bit string of whole octets, or of `unusedBits` fewer bits. */
export const bitString = (content: Uint8Array, unusedBits = 0): Buffer =>
  tlv(tag.bitString, Buffer.of(unusedBits), content);

/** A non-negative INTEGER from its big-endian magnitude, in the fewest octets. */
export function unsignedInteger(magnitude: Uint8Array): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const bytes = magnitude.subarray(start);
  return (bytes[0] ?? 0) >= 0x80 ? tlv(tag.integer, Buffer.of(0), bytes) : tlv(tag.integer, bytes);
}

/** A non-negative safe integer, or one of any length, as INTEGER. */
export function smallInteger(value: number | bigint): Buffer {
  const hex = value.toString(16);
  return unsignedInteger(Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'));
}

/** A dotted object identifier. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number);
  const base128 = (arc: number): number[] => {
    const bytes = [arc & 0x7f];
    for (let rest = arc >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
    return bytes;
  };
  return tlv(tag.oid, Buffer.from([first * 40 + second, ...arcs].flatMap(base128)));
}

/** Time of RFC 5280, 4.1.2.5: UTCTime to the end of 2049, GeneralizedTime from 2050, whole seconds, `Z`. */
export function time(date: Date): Buffer {
  return date.getUTCFullYear() < 2050
    ? tlv(tag.utcTime, Buffer.from(digitsOf(date).slice(2), 'latin1'))
    : generalizedTime(date);
}

/** The form with four digits for the year, whatever the year. */
export const generalizedTime = (date: Date): Buffer => tlv(tag.generalizedTime, Buffer.from(digitsOf(date), 'latin1'));

const digitsOf = (date: Date): string => date.toISOString().replace(/\.\d+|[-:T]/g, '');
