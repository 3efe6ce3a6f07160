// Reads DER (ITU-T X.690) that came from outside: every length is checked against what surrounds it,
// and anything that is not as expected throws `authority/invalid-material`.

import { ConsoleError } from '../../shared/model/errors.ts';
import { tag } from './der.ts';

export type Element = {
  readonly tag: number;
  readonly content: Buffer;
  /** With tag and length. */
  readonly der: Buffer;
};

const malformed = (because: string, cause?: unknown) =>
  new ConsoleError('authority/invalid-material', { because, cause });

/** An element that must be there. */
export function required(element: Element | undefined): Element {
  if (!element) throw malformed('a part is missing');
  return element;
}

/** The one element that fills `bytes`. */
export function readElement(bytes: Buffer): Element {
  const element = elementAt(bytes, 0);
  if (element.end !== bytes.length) throw malformed('data after the end');
  return element;
}

/** Makes buffers only of what is asked for: a CRL has hundreds of thousands of elements, most of them just passed over. */
class ElementIn implements Element {
  readonly tag: number;
  readonly end: number;
  readonly #bytes: Buffer;
  readonly #offset: number;
  readonly #start: number;

  constructor(bytes: Buffer, tagByte: number, offset: number, start: number, end: number) {
    this.tag = tagByte;
    this.end = end;
    this.#bytes = bytes;
    this.#offset = offset;
    this.#start = start;
  }

  get content(): Buffer {
    return this.#bytes.subarray(this.#start, this.end);
  }

  get der(): Buffer {
    return this.#bytes.subarray(this.#offset, this.end);
  }
}

function elementAt(bytes: Buffer, offset: number): ElementIn {
  const tagByte = bytes[offset];
  const first = bytes[offset + 1];
  if (tagByte === undefined || first === undefined || (tagByte & 0x1f) === 0x1f) throw malformed('cut off');
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + lengthOctets;
  if (first === 0x80 || lengthOctets > 4 || start > bytes.length) throw malformed('a length that DER does not have');
  const length = lengthOctets === 0 ? first : bytes.readUIntBE(offset + 2, lengthOctets);
  const end = start + length;
  if (end > bytes.length) throw malformed('cut off');
  return new ElementIn(bytes, tagByte, offset, start, end);
}

/** The elements inside an element of this tag. */
export const readChildren = (element: Element | undefined, tagByte: number): Element[] => [
  ...eachChild(element, tagByte),
];

/** The same one by one, where there may be very many. */
export function* eachChild(element: Element | undefined, tagByte: number): Generator<Element, void, undefined> {
  const content = readOctets(element, tagByte);
  for (let offset = 0; offset < content.length; ) {
    const child = elementAt(content, offset);
    yield child;
    offset = child.end;
  }
}

export const readSequence = (element: Element | undefined): Element[] => readChildren(element, tag.sequence);

/** The content of an element of this tag. */
export function readOctets(element: Element | undefined, tagByte: number): Buffer {
  if (element?.tag !== tagByte) throw malformed('not the expected structure');
  return element.content;
}

/** The content of a BIT STRING of whole octets, as keys and signatures are; its first octet counts unused bits. */
export function readBits(element: Element | undefined): Buffer {
  const octets = readOctets(element, tag.bitString);
  if (octets[0] !== 0) throw malformed('a bit string with unused bits');
  return octets.subarray(1);
}

/** An INTEGER as lower-case hex, without the sign octet. */
export const readIntegerHex = (element: Element | undefined): string => {
  const octets = readOctets(element, tag.integer);
  return (octets.length > 1 && octets[0] === 0 ? octets.subarray(1) : octets).toString('hex');
};

/** A non-negative INTEGER, however long. */
export const readBigInteger = (element: Element | undefined): bigint => BigInt(`0x${readIntegerHex(element)}`);

export function readObjectIdentifier(element: Element | undefined): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of readOctets(element, tag.oid)) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [first = 0, ...rest] = arcs;
  const root = Math.min(Math.floor(first / 40), 2);
  return [root, first - root * 40, ...rest].join('.');
}

/** DirectoryString or IA5String. */
export function readText(element: Element | undefined): string {
  switch (element?.tag) {
    case tag.utf8String:
      return element.content.toString('utf8');
    case tag.printableString:
    case tag.ia5String:
    case tag.teletexString:
      return element.content.toString('latin1');
    case tag.bmpString:
      return new TextDecoder('utf-16be').decode(element.content);
    default:
      throw malformed('a name that is no text');
  }
}

/** Time of RFC 5280: UTCTime (1950 to 2049) or GeneralizedTime, in whole seconds and UTC. */
export function readTime(element: Element | undefined): Date {
  const text = element?.content.toString('latin1') ?? '';
  const century = element?.tag === tag.utcTime ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') : '';
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
  const date = match && new Date(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  if (!date || Number.isNaN(date.getTime())) throw malformed('a date that is none');
  return date;
}
