// A certificate revocation list as far as a broker's safety depends on it (RFC 5280, section 5.1). Only the frame is
// read: what it lists is skipped by its length, so that a list of thousands costs no more than an empty one, and the
// signature vouches for all of it.

import { type KeyObject, verify, type X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { inSlices } from '../../platform/slices.ts';

const verifySignature = promisify(
  (
    digest: string | null,
    data: Buffer,
    key: KeyObject,
    signature: Buffer,
    done: (e: Error | null, ok: boolean) => void,
  ) => verify(digest, data, key, signature, done),
);

export type Crl = {
  readonly thisUpdate: Date;
  /** Undefined: none, which OpenSSL takes as never ending and the console does not. */
  readonly nextUpdate: Date | undefined;
  /** DER of the issuer's Name. */
  readonly issuer: Buffer;
  readonly signed: Buffer;
  readonly signatureAlgorithm: Buffer;
  readonly signature: Buffer;
};

type Element = { readonly tag: number; readonly content: Buffer; readonly der: Buffer };

const tags = { integer: 0x02, bitString: 0x03, sequence: 0x30, utcTime: 0x17, generalizedTime: 0x18, version: 0xa0 };

/** Node's name of the digest, by the DER of the algorithm's object identifier; null: the key brings its own. */
const digests: ReadonlyMap<string, string | null> = new Map([
  ['06092a864886f70d01010b', 'sha256'],
  ['06092a864886f70d01010c', 'sha384'],
  ['06092a864886f70d01010d', 'sha512'],
  ['06082a8648ce3d040302', 'sha256'],
  ['06082a8648ce3d040303', 'sha384'],
  ['06082a8648ce3d040304', 'sha512'],
  ['06032b6570', null],
]);

/** Throws TypeError for everything but one CRL in PEM with nothing around it, as OpenSSL would not always. */
export async function readCrl(pem: string): Promise<Crl> {
  const der = await inSlices(derOf(pem));
  const list = elementAt(der, 0, tags.sequence);
  if (list.der.length !== der.length) throw new TypeError('data behind the CRL');
  const [tbs, algorithm, bits, ...more] = children(list);
  if (tbs === undefined || algorithm === undefined || bits?.tag !== tags.bitString || more.length > 0)
    throw new TypeError('not a CRL');
  const fields = children(tbs);
  if (fields[0]?.tag === tags.integer) fields.shift();
  const [, issuer, thisUpdate, nextUpdate] = fields;
  if (issuer?.tag !== tags.sequence) throw new TypeError('a CRL without an issuer');
  return {
    issuer: issuer.der,
    thisUpdate: readTime(thisUpdate),
    nextUpdate: isTime(nextUpdate) ? readTime(nextUpdate) : undefined,
    signed: tbs.der,
    signatureAlgorithm: algorithm.der,
    // The first octet of a BIT STRING counts unused bits.
    signature: bits.content.subarray(1),
  };
}

const charactersAtOnce = 65_536;

function* derOf(pem: string): Generator<undefined, Buffer, undefined> {
  const refused = () => new TypeError('not a CRL in PEM');
  const end = '-----END X509 CRL-----';
  const start = /^-----BEGIN X509 CRL-----\r?\n/.exec(pem)?.[0].length ?? 0;
  const bodyEnd = pem.lastIndexOf(end);
  if (start === 0 || bodyEnd <= start || pem.slice(bodyEnd + end.length).trim() !== '') throw refused();
  const parts: Buffer[] = [];
  let left = '';
  for (let at = start; at < bodyEnd; ) {
    const feed = pem.lastIndexOf('\n', Math.min(at + charactersAtOnce, bodyEnd) - 1);
    const lines = pem.slice(at, feed < at ? bodyEnd : feed + 1);
    if (!/^(?:[A-Za-z0-9+/]{1,64}={0,2}\r?\n)+$/.test(lines)) throw refused();
    const base64 = left + lines.replaceAll(/\r?\n/g, '');
    const isLast = at + lines.length >= bodyEnd;
    const encoded = isLast ? base64 : base64.slice(0, base64.length - (base64.length % 4));
    const part = Buffer.from(encoded, 'base64');
    if (part.toString('base64') !== encoded || (!isLast && encoded.includes('='))) throw refused();
    parts.push(part);
    left = base64.slice(encoded.length);
    at += lines.length;
    yield;
  }
  return Buffer.concat(parts);
}

/** Whether the authority of this certificate signed the list, in its own name. */
export async function isIssuedBy(crl: Crl, authority: X509Certificate): Promise<boolean> {
  const [oid] = children(elementAt(crl.signatureAlgorithm, 0, tags.sequence));
  const digest = digests.get(oid?.der.toString('hex') ?? '');
  if (digest === undefined || !crl.issuer.equals(subjectOf(authority))) return false;
  return verifySignature(digest, crl.signed, authority.publicKey, crl.signature).catch(() => false);
}

/** DER of the subject's Name. */
function subjectOf(certificate: X509Certificate): Buffer {
  const [tbs] = children(elementAt(certificate.raw, 0, tags.sequence));
  const fields = tbs === undefined ? [] : children(tbs);
  if (fields[0]?.tag === tags.version) fields.shift();
  return fields[4]?.der ?? Buffer.alloc(0);
}

function elementAt(bytes: Buffer, offset: number, expected?: number): Element {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined || (expected !== undefined && tag !== expected))
    throw new TypeError('not the expected structure');
  const lengthOctets = first < 0x80 ? 0 : first & 0x7f;
  const start = offset + 2 + lengthOctets;
  if (first === 0x80 || lengthOctets > 4 || start > bytes.length)
    throw new TypeError('a length that DER does not have');
  const end = start + (lengthOctets === 0 ? first : bytes.readUIntBE(offset + 2, lengthOctets));
  if (end > bytes.length) throw new TypeError('cut off');
  return { tag, content: bytes.subarray(start, end), der: bytes.subarray(offset, end) };
}

function children({ content }: Element): Element[] {
  const found: Element[] = [];
  for (let offset = 0; offset < content.length; ) {
    const child = elementAt(content, offset);
    found.push(child);
    offset += child.der.length;
  }
  return found;
}

const isTime = (element: Element | undefined): boolean =>
  element?.tag === tags.utcTime || element?.tag === tags.generalizedTime;

function readTime(element: Element | undefined): Date {
  const text = element?.content.toString('latin1') ?? '';
  const century = element?.tag === tags.utcTime ? (Number(text.slice(0, 2)) < 50 ? '20' : '19') : '';
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + text);
  const date = match && new Date(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  if (!isTime(element) || !date || Number.isNaN(date.getTime())) throw new TypeError('a date that is none');
  return date;
}
