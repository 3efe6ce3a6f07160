import { X509Certificate } from 'node:crypto';
import type { KeyAlgorithm } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { constructedTag, tag } from './der.ts';
import {
  type Element,
  readChildren,
  readElement,
  readIntegerHex,
  readObjectIdentifier,
  readOctets,
  readSequence,
  readTime,
} from './der-reader.ts';
import { readDistinguishedName } from './distinguished-name.ts';
import { extensionId, keyIdentifierOf } from './extensions.ts';
import { keyAlgorithmOf } from './keys.ts';
import { fromPem } from './pem.ts';
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
  readonly number: number | null;
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
  const [tbs] = readSequence(readElement(der));
  const fields = readSequence(tbs).filter(({ tag: tagByte }) => tagByte !== constructedTag(0)); // the version
  const [serialNumber, , issuer, validity, subject, publicKey] = fields;
  const [notBefore, notAfter] = readSequence(validity);
  if (!issuer || !subject || !publicKey) throw new ConsoleError('authority/invalid-material');
  const extensions = readExtensions(fields.find(({ tag: tagByte }) => tagByte === constructedTag(3)));
  const subjectAltNames = extensions.get(extensionId.subjectAltName);
  const keyIdentifier = extensions.get(extensionId.subjectKeyIdentifier);
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
  const [tbs] = readSequence(readElement(fromPem('X509 CRL', pem)));
  const fields = readSequence(tbs).filter(({ tag: tagByte }) => tagByte !== tag.integer); // the version
  const [, issuer, thisUpdate, ...rest] = fields;
  if (!issuer) throw new ConsoleError('authority/invalid-material');
  const nextUpdate = rest.find(({ tag: tagByte }) => tagByte === tag.utcTime || tagByte === tag.generalizedTime);
  const revoked = rest.find(({ tag: tagByte }) => tagByte === tag.sequence);
  const extensions = readExtensions(rest.find(({ tag: tagByte }) => tagByte === constructedTag(0)));
  const number = extensions.get(extensionId.crlNumber);
  return {
    issuer: readDistinguishedName(issuer.der),
    number: number ? Number.parseInt(readIntegerHex(readElement(number)), 16) : null,
    thisUpdate: readTime(thisUpdate),
    nextUpdate: nextUpdate ? readTime(nextUpdate) : null,
    revokedSerialNumbers: revoked ? readSequence(revoked).map((entry) => readIntegerHex(readSequence(entry)[0])) : [],
  };
}

/** `[n] EXPLICIT Extensions` as object identifier and content of extnValue. */
function readExtensions(tagged: Element | undefined): ReadonlyMap<string, Buffer> {
  if (!tagged) return new Map();
  const [list] = readChildren(tagged, tagged.tag);
  return new Map(
    readSequence(list).map((extension) => {
      const parts = readSequence(extension);
      return [readObjectIdentifier(parts[0]), readOctets(parts.at(-1), tag.octetString)];
    }),
  );
}
