// The extensions of RFC 5280, section 4.2, that our certificates and CRLs carry; nothing else.

import { createHash } from 'node:crypto';
import {
  bitString,
  generalizedTime,
  implicit,
  objectIdentifier,
  octetString,
  sequence,
  smallInteger,
  tag,
  tlv,
  trueValue,
} from './der.ts';
import { readElement, readOctets, readSequence } from './der-reader.ts';

export const extensionId = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const critical = (oid: string, value: Uint8Array): Buffer =>
  sequence(objectIdentifier(oid), trueValue, octetString(value));
const optional = (oid: string, value: Uint8Array): Buffer => sequence(objectIdentifier(oid), octetString(value));

/** `Extensions`, not tagged yet. */
export const extensionList = (list: readonly Uint8Array[]): Buffer => sequence(...list);

export const basicConstraintsAuthority = critical(extensionId.basicConstraints, sequence(trueValue));
/** cA defaults to FALSE, which DER leaves out. */
export const basicConstraintsLeaf = critical(extensionId.basicConstraints, sequence());

/** Bits of KeyUsage count from the left of the first octet. */
const keyUsage = (bits: number, unusedBits: number) =>
  critical(extensionId.keyUsage, bitString(Buffer.of(bits), unusedBits));
export const keyUsageAuthority = keyUsage(0b0000_0110, 1); // keyCertSign, cRLSign
export const keyUsageSignature = keyUsage(0b1000_0000, 7); // digitalSignature
export const keyUsageSignatureAndEncipherment = keyUsage(0b1010_0000, 5); // and keyEncipherment

const extendedKeyUsage = (purpose: string) =>
  optional(extensionId.extendedKeyUsage, sequence(objectIdentifier(purpose)));
export const extendedKeyUsageServer = extendedKeyUsage('1.3.6.1.5.5.7.3.1');
export const extendedKeyUsageClient = extendedKeyUsage('1.3.6.1.5.5.7.3.2');
/** id-kp-documentSigning (RFC 9336): no TLS peer takes it for a client or a server. */
export const extendedKeyUsageDocument = extendedKeyUsage('1.3.6.1.5.5.7.3.36');

export const subjectKeyIdentifier = (keyIdentifier: Uint8Array): Buffer =>
  optional(extensionId.subjectKeyIdentifier, octetString(keyIdentifier));

/** By key identifier only: issuer and serial number would break a rollover to a cross-certificate. */
export const authorityKeyIdentifier = (keyIdentifier: Uint8Array): Buffer =>
  optional(extensionId.authorityKeyIdentifier, sequence(implicit(0, keyIdentifier)));

/** `generalNames` is the encoded SEQUENCE. Not critical, since every subject here has a common name. */
export const subjectAltName = (generalNames: Uint8Array): Buffer => optional(extensionId.subjectAltName, generalNames);

export const crlNumber = (number: bigint): Buffer => optional(extensionId.crlNumber, smallInteger(number));

/** An entry extension of a CRL; `reason` is a CRLReason. */
export const reasonCode = (reason: number): Buffer =>
  optional(extensionId.reasonCode, tlv(tag.enumerated, Buffer.of(reason)));

/** An entry extension of a CRL (RFC 5280, 5.3.2): since when the key must be taken for lost. Always GeneralizedTime. */
export const invalidityDate = (date: Date): Buffer => optional(extensionId.invalidityDate, generalizedTime(date));

/** RFC 7093, method 1: the first 160 bits of SHA-256 over the bits of the public key, a SubjectPublicKeyInfo. */
export function keyIdentifierOf(publicKey: Buffer): Buffer {
  const [, bits] = readSequence(readElement(publicKey));
  return createHash('sha256').update(readOctets(bits, tag.bitString).subarray(1)).digest().subarray(0, 20);
}
