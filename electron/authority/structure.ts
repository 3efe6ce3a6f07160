// Certificates and CRLs (RFC 5280, 4.1 and 5.1) and certificate requests (RFC 2986) taken apart into their fields, nothing
// judged yet.

import { ConsoleError } from '../../shared/model/errors.ts';
import { constructedTag, tag } from './der.ts';
import {
  type Element,
  eachChild,
  readBits,
  readChildren,
  readElement,
  readObjectIdentifier,
  readOctets,
  readSequence,
  required,
} from './der-reader.ts';

export type Extension = {
  readonly oid: string;
  readonly isCritical: boolean;
  /** The content of extnValue: DER of its own. */
  readonly value: Buffer;
};

type Signed = {
  /** The part that the signature covers. */
  readonly tbs: Buffer;
  /** AlgorithmIdentifiers, encoded: the one inside the signed part and the one beside the signature. */
  readonly innerAlgorithm: Buffer;
  readonly outerAlgorithm: Buffer;
  readonly signature: Buffer;
};

export type CertificateStructure = Signed & {
  /** 1, 2 or 3. */
  readonly version: number;
  readonly serialNumber: Element;
  readonly issuer: Element;
  readonly notBefore: Element;
  readonly notAfter: Element;
  readonly subject: Element;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Element;
  readonly extensions: readonly Extension[];
};

export type RequestStructure = Omit<Signed, 'innerAlgorithm'> & {
  readonly subject: Element;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Element;
  /** Those that the certificate should have. */
  readonly extensions: readonly Extension[];
};

export type CrlEntry = {
  readonly serialNumber: Element;
  readonly revokedAt: Element;
  readonly extensions: readonly Extension[];
};

export type CrlStructure = Signed & {
  /** 1 or 2. */
  readonly version: number;
  readonly issuer: Element;
  readonly thisUpdate: Element;
  readonly nextUpdate: Element | undefined;
  /** Undefined where the list is absent, as it must be when nothing is revoked. */
  readonly entries: readonly CrlEntry[] | undefined;
  readonly extensions: readonly Extension[];
};

export type CrlFrame = Omit<CrlStructure, 'entries'> & { readonly entries: Element | undefined };

/** Throws `authority/invalid-material` for anything that is no Certificate. */
export function readCertificateStructure(der: Buffer): CertificateStructure {
  const { tbs, signed } = readSigned(der);
  const [first] = tbs;
  const hasVersion = first?.tag === constructedTag(0);
  const [version] = hasVersion ? readChildren(first, constructedTag(0)) : [];
  const [serialNumber, innerAlgorithm, issuer, validity, subject, publicKey, ...rest] = hasVersion ? tbs.slice(1) : tbs;
  const [notBefore, notAfter] = readSequence(validity);
  return {
    ...signed,
    innerAlgorithm: required(innerAlgorithm).der,
    version: version ? smallNumber(version) + 1 : 1,
    serialNumber: required(serialNumber),
    issuer: required(issuer),
    notBefore: required(notBefore),
    notAfter: required(notAfter),
    subject: required(subject),
    publicKey: required(publicKey),
    extensions: readExtensions(rest.find(({ tag: tagByte }) => tagByte === constructedTag(3))),
  };
}

/** Throws `authority/invalid-material` for anything that is no CertificationRequest. */
export function readRequestStructure(der: Buffer): RequestStructure {
  const { tbs, signed } = readSigned(der);
  const [version, subject, publicKey, attributes] = tbs;
  smallNumber(required(version));
  return {
    ...signed,
    subject: required(subject),
    publicKey: required(publicKey),
    extensions: attributes ? readChildren(attributes, constructedTag(0)).flatMap(readExtensionRequest) : [],
  };
}

/** The `extensionRequest` of RFC 2985, 5.4.2; any other attribute has none. */
function readExtensionRequest(attribute: Element): Extension[] {
  const [type, values] = readSequence(attribute);
  if (readObjectIdentifier(type) !== '1.2.840.113549.1.9.14') return [];
  return readChildren(values, tag.set).flatMap((list) => readSequence(list).map(readExtension));
}

/** Throws `authority/invalid-material` for anything that is no CertificateList. */
export function readCrlStructure(der: Buffer): CrlStructure {
  const { entries, ...frame } = readCrlFrame(der);
  return { ...frame, entries: entries && [...eachCrlEntry(entries)] };
}

/** A CRL without its entries: there may be a hundred thousand. `eachCrlEntry` reads them one by one. */
export function readCrlFrame(der: Buffer): CrlFrame {
  const { tbs, signed } = readSigned(der);
  const hasVersion = tbs[0]?.tag === tag.integer;
  const [innerAlgorithm, issuer, thisUpdate, ...rest] = hasVersion ? tbs.slice(1) : tbs;
  const isTime = ({ tag: tagByte }: Element) => tagByte === tag.utcTime || tagByte === tag.generalizedTime;
  const entries = rest.find(({ tag: tagByte }) => tagByte === tag.sequence);
  return {
    ...signed,
    innerAlgorithm: required(innerAlgorithm).der,
    version: hasVersion ? smallNumber(required(tbs[0])) + 1 : 1,
    issuer: required(issuer),
    thisUpdate: required(thisUpdate),
    nextUpdate: rest.find(isTime),
    entries,
    extensions: readExtensions(rest.find(({ tag: tagByte }) => tagByte === constructedTag(0))),
  };
}

function readSigned(der: Buffer): { readonly tbs: Element[]; readonly signed: Omit<Signed, 'innerAlgorithm'> } {
  const [tbs, outerAlgorithm, signature] = readFew(readElement(der));
  return {
    tbs: readFew(tbs),
    signed: {
      tbs: required(tbs).der,
      outerAlgorithm: required(outerAlgorithm).der,
      signature: readBits(signature),
    },
  };
}

/** More fields than any of these structures has: what has more is none of them, and may have millions. */
const manyFields = 20;

function readFew(element: Element | undefined): Element[] {
  const fields: Element[] = [];
  for (const field of eachChild(element, tag.sequence)) {
    if (fields.push(field) < manyFields) continue;
    throw new ConsoleError('authority/invalid-material', { because: 'not the expected structure' });
  }
  return fields;
}

export function* eachCrlEntry(entries: Element | undefined): Generator<CrlEntry, void, undefined> {
  if (entries) for (const entry of eachChild(entries, tag.sequence)) yield readEntry(entry);
}

function readEntry(entry: Element): CrlEntry {
  const [serialNumber, revokedAt, extensions] = readSequence(entry);
  return {
    serialNumber: required(serialNumber),
    revokedAt: required(revokedAt),
    extensions: extensions ? readSequence(extensions).map(readExtension) : [],
  };
}

/** `[n] EXPLICIT Extensions`. */
function readExtensions(tagged: Element | undefined): Extension[] {
  if (!tagged) return [];
  const [list] = readChildren(tagged, tagged.tag);
  return readSequence(list).map(readExtension);
}

function readExtension(extension: Element): Extension {
  const parts = readSequence(extension);
  return {
    oid: readObjectIdentifier(parts[0]),
    isCritical: parts[1]?.tag === tag.boolean && parts[1].content[0] !== 0,
    value: readOctets(parts.at(-1), tag.octetString),
  };
}

const smallNumber = (element: Element): number => Number.parseInt(readOctets(element, tag.integer).toString('hex'), 16);
