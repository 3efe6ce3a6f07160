import { expect, test } from 'vitest';
import {
  bitString,
  objectIdentifier,
  octetString,
  sequence,
  smallInteger,
  time,
  unsignedInteger,
} from '../../../electron/authority/der.ts';
import {
  readElement,
  readIntegerHex,
  readObjectIdentifier,
  readSequence,
  readTime,
} from '../../../electron/authority/der-reader.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('lengths take the short form to 127 and the shortest long form beyond', () => {
  expect(hex(octetString(Buffer.alloc(127)).subarray(0, 2))).toBe('047f');
  expect(hex(octetString(Buffer.alloc(128)).subarray(0, 3))).toBe('048180');
  expect(hex(octetString(Buffer.alloc(256)).subarray(0, 4))).toBe('04820100');
  expect(hex(octetString(Buffer.alloc(65_536)).subarray(0, 5))).toBe('0483010000');
});

test.each([
  [0, '020100'],
  [127, '02017f'],
  [128, '02020080'],
  [256, '02020100'],
  [Number.MAX_SAFE_INTEGER, '02071fffffffffffff'],
])('the integer %d', (value, expected) => {
  expect(hex(smallInteger(value))).toBe(expected);
});

test('an integer drops leading zeros and stays positive', () => {
  expect(hex(unsignedInteger(Buffer.from('0000ff', 'hex')))).toBe('020200ff');
  expect(readIntegerHex(readElement(unsignedInteger(Buffer.from('ff01', 'hex'))))).toBe('ff01');
});

test.each([
  ['2.5.29.14', '0603551d0e'],
  ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
  ['0.9.2342.19200300.100.1.25', '060a0992268993f22c640119'],
])('the object identifier %s both ways', (dotted, expected) => {
  expect(hex(objectIdentifier(dotted))).toBe(expected);
  expect(readObjectIdentifier(readElement(objectIdentifier(dotted)))).toBe(dotted);
});

test('a bit string counts its unused bits', () => {
  expect(hex(bitString(Buffer.of(0x06), 1))).toBe('03020106');
});

test('times are UTCTime to the end of 2049 and GeneralizedTime from 2050', () => {
  expect(time(new Date('2049-12-31T23:59:59.999Z')).toString('latin1', 2)).toBe('491231235959Z');
  expect(time(new Date('2049-12-31T23:59:59Z'))[0]).toBe(0x17);
  expect(time(new Date('2050-01-01T00:00:00Z')).toString('latin1', 2)).toBe('20500101000000Z');
  expect(time(new Date('2050-01-01T00:00:00Z'))[0]).toBe(0x18);
});

test.each(['1999-12-31T23:59:59Z', '2000-01-01T00:00:00Z', '2049-12-31T23:59:59Z', '9999-12-31T23:59:59Z'])(
  'reads back %s',
  (text) => {
    expect(readTime(readElement(time(new Date(text))))).toEqual(new Date(text));
  },
);

test.each([
  ['nothing', ''],
  ['a tag alone', '30'],
  ['less than it says', '3003020101'.slice(0, 8)],
  ['more than it says', '30030201010000'],
  ['an indefinite length', '30800000'],
  ['a length of eight octets', '3088ffffffffffffffff'],
  ['a child that reaches beyond its parent', '3003020401'],
])('refuses %s', (_what, bytes) => {
  expect(() => readSequence(readElement(Buffer.from(bytes, 'hex')))).toThrow(
    expect.objectContaining({ code: 'authority/invalid-material' }),
  );
});

test.each(['170d3231313330313030303030305a', '1703303030', '0c0d3231303133313030303030305a'])(
  'refuses the time %s',
  (bytes) => {
    expect(() => readTime(readElement(Buffer.from(bytes, 'hex')))).toThrow(/date/);
  },
);

test('a sequence is read into its parts', () => {
  const [first, second] = readSequence(readElement(sequence(smallInteger(1), octetString(Buffer.from('x')))));
  expect(readIntegerHex(first)).toBe('01');
  expect(second?.content.toString()).toBe('x');
});
