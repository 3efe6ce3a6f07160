// What certificates and CRLs have in common for a linter.

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { tag } from '../der.ts';
import { type Element, readElement, readObjectIdentifier, readOctets, readSequence, readTime } from '../der-reader.ts';
import { type Extension, readCertificateStructure } from '../structure.ts';
import { unreadable } from './finding.ts';

/** The signature algorithms of RFC 5758, RFC 4055 and RFC 8410 that nobody doubts today, with their hashes. */
const goodAlgorithms: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.3.101.112', null],
]);

type SignedParts = {
  readonly tbs: Buffer;
  readonly innerAlgorithm: Buffer;
  readonly outerAlgorithm: Buffer;
  readonly signature: Buffer;
};

const algorithmOf = (identifier: Buffer): string => readObjectIdentifier(readSequence(readElement(identifier))[0]);

export function judgeAlgorithm({ innerAlgorithm, outerAlgorithm }: SignedParts): string | undefined {
  if (!innerAlgorithm.equals(outerAlgorithm)) return 'the algorithm inside differs from the one beside the signature';
  const oid = algorithmOf(outerAlgorithm);
  return goodAlgorithms.has(oid) ? undefined : `signed with ${oid}, which is outdated or unknown`;
}

export function judgeSignature(parts: SignedParts, issuerDer: Buffer): string | undefined {
  const hash = goodAlgorithms.get(algorithmOf(parts.outerAlgorithm));
  if (hash === undefined) return undefined; // another rule's matter
  const key = publicKeyOf(issuerDer);
  return verify(hash, parts.tbs, key, parts.signature) ? undefined : notByThisAuthority;
}

const notByThisAuthority = 'the signature is not by this authority';

const verifyOnThreadPool = promisify(
  (
    hash: string | null,
    signed: Buffer,
    key: KeyObject,
    signature: Buffer,
    done: (error: Error | null, isGood: boolean) => void,
  ) => verify(hash, signed, key, signature, done),
);

/** The same for what may have megabytes. Of what cannot be read it says so, as `judgeAll` does. */
export async function judgeLongSignature(parts: SignedParts, issuerDer: Buffer): Promise<string | undefined> {
  try {
    const hash = goodAlgorithms.get(algorithmOf(parts.outerAlgorithm));
    if (hash === undefined) return undefined; // another rule's matter
    const isGood = await verifyOnThreadPool(hash, parts.tbs, publicKeyOf(issuerDer), parts.signature);
    return isGood ? undefined : notByThisAuthority;
  } catch {
    return unreadable;
  }
}

const publicKeyOf = (certificateDer: Buffer): KeyObject =>
  createPublicKey({
    key: readCertificateStructure(certificateDer).publicKey.der,
    format: 'der',
    type: 'spki',
  });

/** UTCTime up to 2049, GeneralizedTime from 2050. */
export function judgeTime(element: Element): string | undefined {
  const isLate = readTime(element).getUTCFullYear() >= 2050;
  const wanted = isLate ? tag.generalizedTime : tag.utcTime;
  return element.tag === wanted ? undefined : `a date ${isLate ? 'from 2050 on' : 'before 2050'} in the other form`;
}

/** Positive, at most 20 octets. */
export function judgeSerialNumber(element: Element): string | undefined {
  const octets = readOctets(element, tag.integer);
  if ((octets[0] ?? 0) >= 0x80) return 'it is negative';
  if (octets.every((octet) => octet === 0)) return 'it is zero';
  return octets.length > 20 ? `it has ${octets.length} octets` : undefined;
}

export const extensionOf = (extensions: readonly Extension[], oid: string): Extension | undefined =>
  extensions.find((extension) => extension.oid === oid);

export function judgeDuplicates(extensions: readonly Extension[]): string | undefined {
  const oids = extensions.map(({ oid }) => oid);
  const twice = oids.find((oid, index) => oids.indexOf(oid) !== index);
  return twice && `${twice} stands there twice`;
}

export function judgeCriticalOnes(extensions: readonly Extension[], known: readonly string[]): string | undefined {
  const strange = extensions.find(({ oid, isCritical }) => isCritical && !known.includes(oid));
  return strange && `${strange.oid} is critical, and clients may not know it`;
}

/** By key identifier only. `null` for a missing extension. */
export function judgeAuthorityKeyIdentifier(extension: Extension | undefined): string | undefined {
  if (!extension) return 'it is missing';
  if (extension.isCritical) return 'it is critical';
  const parts = readSequence(readElement(extension.value));
  if (parts[0]?.tag !== 0x80) return 'it names no key identifier';
  return parts.length > 1 ? 'it names issuer and serial number, which a rollover breaks' : undefined;
}
