import { X509Certificate } from 'node:crypto';
import type { KeyAlgorithm } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { inSlices } from '../platform/slices.ts';
import { tag } from './der.ts';
import {
  type Element,
  eachChild,
  readBigInteger,
  readElement,
  readIntegerHex,
  readOctets,
  readTime,
} from './der-reader.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { extensionId, keyIdentifierOf } from './extensions.ts';
import { keyAlgorithmOf } from './keys.ts';
import { fromLongPem, fromPem } from './pem.ts';
import { type Extension, readCertificateStructure, readCrlFrame, readCrlStructure } from './structure.ts';
import { readSubjectAltNames } from './subject-alt-names.ts';
import { fingerprintOf, type IssuedCertificate } from './tbs-certificate.ts';

export type InspectedCertificate = IssuedCertificate & {
  readonly issuer: string;
  /** Null for keys of a kind that the console does not make. */
  readonly keyAlgorithm: KeyAlgorithm | null;
  /** The encoded Name, byte for byte: what certificates issued by this one must carry as issuer. */
  readonly subjectDer: Buffer;
  /** From the certificate, or by RFC 7093 where it has none. */
  readonly subjectKeyIdentifier: Buffer;
};

export type InspectedCrl = {
  readonly issuer: string;
  /** Null where the CRL carries no number, as OpenSSL's defaults make them. */
  readonly number: bigint | null;
  readonly thisUpdate: Date;
  /** Null where the CRL names none. */
  readonly nextUpdate: Date | null;
  /** Lower-case hex. */
  readonly revokedSerialNumbers: readonly string[];
};

/** What a PEM certificate says. Throws `authority/invalid-material` when it is not exactly one readable certificate. */
export function inspectCertificate(pem: string): InspectedCertificate {
  const der = fromPem('CERTIFICATE', pem);
  const parsed = parseWithNode(der);
  const { serialNumber, subject, issuer, notBefore, notAfter, publicKey, extensions } = readCertificateStructure(der);
  const subjectAltNames = extensionValue(extensions, extensionId.subjectAltName);
  const keyIdentifier = extensionValue(extensions, extensionId.subjectKeyIdentifier);
  return {
    certificatePem: pem,
    serialNumber: readIntegerHex(serialNumber),
    fingerprint: fingerprintOf(der),
    subject: readDistinguishedName(subject.der),
    subjectAltNames: subjectAltNames ? readSubjectAltNames(subjectAltNames) : [],
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    issuer: readDistinguishedName(issuer.der),
    keyAlgorithm: keyAlgorithmOf(parsed.publicKey) ?? null,
    subjectDer: subject.der,
    subjectKeyIdentifier: keyIdentifier
      ? readOctets(readElement(keyIdentifier), tag.octetString)
      : keyIdentifierOf(publicKey.der),
  };
}

/** Node's own parser goes first: what it refuses, nobody else would accept. */
function parseWithNode(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new ConsoleError('authority/invalid-material', { because: 'not a readable certificate', cause });
  }
}

/** What a PEM CRL says; its signature is not looked at. Throws `authority/invalid-material`. */
export function inspectCrl(pem: string): InspectedCrl {
  const { issuer, thisUpdate, nextUpdate, entries = [], extensions } = readCrlStructure(fromPem('X509 CRL', pem));
  const number = extensionValue(extensions, extensionId.crlNumber);
  return {
    issuer: readDistinguishedName(issuer.der),
    number: number ? readBigInteger(readElement(number)) : null,
    thisUpdate: readTime(thisUpdate),
    nextUpdate: nextUpdate ? readTime(nextUpdate) : null,
    revokedSerialNumbers: entries.map(({ serialNumber }) => readIntegerHex(serialNumber)),
  };
}

/** Whether a PEM CRL names this serial number; looked for in short slices. Throws `authority/invalid-material`. */
export async function crlNames(pem: string, serialNumber: string): Promise<boolean> {
  const { entries } = readCrlFrame(await fromLongPem('X509 CRL', pem));
  return entries !== undefined && (await inSlices(searchFor(significant(serialNumber), entries)));
}

function* searchFor(serialNumber: string, entries: Element): Generator<undefined, boolean, undefined> {
  for (const entry of eachChild(entries, tag.sequence)) {
    const [found] = eachChild(entry, tag.sequence);
    if (significant(readIntegerHex(found)) === serialNumber) return true;
    yield;
  }
  return false;
}

const significant = (serialNumber: string): string => serialNumber.toLowerCase().replace(/^(?:00)+(?=..)/, '');

const extensionValue = (extensions: readonly Extension[], oid: string): Buffer | undefined =>
  extensions.find((extension) => extension.oid === oid)?.value;
