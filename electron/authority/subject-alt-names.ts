// Texts are those of `openssl -addext subjectAltName=…`: DNS:host, IP:address, URI:uri.

import { isHostname, isIpAddress } from '../../shared/model/broker.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { implicit, primitiveTag, sequence } from './der.ts';
import { type Element, readElement, readSequence } from './der-reader.ts';

/** An encoded GeneralName and how people read it. */
export type SubjectAltName = { readonly text: string; readonly der: Buffer };

export const uriName = (uri: string): SubjectAltName => ({
  text: `URI:${uri}`,
  der: implicit(6, Buffer.from(uri, 'latin1')),
});

/** A DNS name (dNSName) or an address (iPAddress, 4 or 16 octets). Throws `authority/invalid-name`. */
export function hostName(nameOrAddress: string): SubjectAltName {
  if (isIpAddress(nameOrAddress)) {
    const octets = addressOctets(nameOrAddress);
    return { text: `IP:${canonicalAddress(nameOrAddress)}`, der: implicit(7, octets) };
  }
  if (!isHostname(nameOrAddress)) {
    throw new ConsoleError('authority/invalid-name', { details: { name: nameOrAddress.slice(0, 253) } });
  }
  const name = nameOrAddress.toLowerCase();
  return { text: `DNS:${name}`, der: implicit(2, Buffer.from(name, 'latin1')) };
}

/** RFC 5952 text without the mixed IPv4 form. The URL parser knows every way to write an IPv6 address. */
const canonicalAddress = (address: string): string =>
  address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;

function addressOctets(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  const [before = '', after] = canonicalAddress(address).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const head = groups(before);
  const tail = groups(after ?? '');
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return Buffer.from([...head, ...gap, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex');
}

/** GeneralNames (RFC 5280, 4.2.1.6). */
export const encodeSubjectAltNames = (names: readonly SubjectAltName[]): Buffer =>
  sequence(...names.map((name) => name.der));

/** The same name twice counts once. */
export const distinctNames = (names: readonly SubjectAltName[]): SubjectAltName[] => [
  ...new Map(names.map((name) => [name.text, name])).values(),
];

/** How people read an encoded GeneralName. */
function formatGeneralName({ tag: tagByte, content }: Element): string {
  switch (tagByte) {
    case primitiveTag(1):
      return `email:${content.toString('latin1')}`;
    case primitiveTag(2):
      return `DNS:${content.toString('latin1')}`;
    case primitiveTag(6):
      return `URI:${content.toString('latin1')}`;
    case primitiveTag(7):
      return `IP:${formatAddress(content)}`;
    default:
      return 'other';
  }
}

const formatAddress = (octets: Buffer): string =>
  octets.length === 16
    ? canonicalAddress((octets.toString('hex').match(/.{4}/g) ?? []).join(':'))
    : [...octets].join('.');

/** The texts of an encoded GeneralNames. */
export const readSubjectAltNames = (generalNames: Buffer): string[] =>
  readSequence(readElement(generalNames)).map(formatGeneralName);
