// A PKCS#12 file of anybody's (RFC 7292), as OpenSSL, Windows, XCA and Java write it: in DER, under a password. What is
// inside is believed only once the MAC was right.

import { createHmac, createPrivateKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { constructedTag, tag } from '../der.ts';
import {
  type Element,
  readChildren,
  readElement,
  readObjectIdentifier,
  readOctets,
  readSequence,
} from '../der-reader.ts';
import { decryptUnderPassword, readIterations } from './decrypt.ts';
import { derivedFor, derivePkcs12, type Pkcs12Hash } from './derive.ts';

export type ReadPkcs12 = {
  readonly keys: readonly KeyObject[];
  /** DER. */
  readonly certificates: readonly Buffer[];
  readonly crls: readonly Buffer[];
};

const pkcs7 = { data: '1.2.840.113549.1.7.1', encryptedData: '1.2.840.113549.1.7.6' };
const bags = {
  key: '1.2.840.113549.1.12.10.1.1',
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  crl: '1.2.840.113549.1.12.10.1.4',
  safeContents: '1.2.840.113549.1.12.10.1.6',
} as const;

const macHashes: ReadonlyMap<string, Pkcs12Hash> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** Whether these bytes begin as a PFX does: version 3, then a ContentInfo. */
export function looksLikePkcs12(der: Buffer): boolean {
  try {
    const [version, authSafe] = readSequence(readElement(der));
    return version?.der.toString('hex') === '020103' && authSafe?.tag === tag.sequence;
  } catch {
    return false;
  }
}

/**
 * Throws `authority/key-locked` for another password, and `authority/invalid-material` for what is damaged, or encrypted
 * in a way that nobody writes any more.
 */
export async function readPkcs12(der: Buffer, password: string): Promise<ReadPkcs12> {
  const [, authSafe, macData] = readSequence(readElement(der));
  const safes = readOctets(contentOf(authSafe, pkcs7.data), tag.octetString);
  if (macData) await checkMac(macData, safes, password);
  const found = { keys: [] as KeyObject[], certificates: [] as Buffer[], crls: [] as Buffer[] };
  for (const safe of readSequence(readElement(safes))) {
    await readBags(readElement(await openSafe(safe, password)), password, found);
  }
  return found;
}

/** The content of a ContentInfo (RFC 5652) of this type. */
function contentOf(contentInfo: Element | undefined, type: string): Element | undefined {
  const [id, content] = readSequence(contentInfo);
  if (readObjectIdentifier(id) !== type) throw damaged('a part of another type');
  return readChildren(content, constructedTag(0))[0];
}

async function checkMac(macData: Element, content: Buffer, password: string): Promise<void> {
  const [digestInfo, salt, iterations] = readSequence(macData);
  const [algorithm, digest] = readSequence(digestInfo);
  const hash = macHashes.get(readObjectIdentifier(readSequence(algorithm)[0]));
  if (!hash) throw damaged('a MAC of a kind that is not known here');
  const expected = readOctets(digest, tag.octetString);
  const key = await derivePkcs12({
    hash,
    password,
    salt: readOctets(salt, tag.octetString),
    iterations: iterations ? readIterations(iterations) : 1,
    purpose: derivedFor.mac,
    length: expected.length,
  });
  const actual = createHmac(hash, key).update(content).digest();
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw new ConsoleError('authority/key-locked');
  }
}

/** SafeContents, encoded. */
async function openSafe(safe: Element, password: string): Promise<Buffer> {
  const [id] = readSequence(safe);
  if (readObjectIdentifier(id) === pkcs7.data) return readOctets(contentOf(safe, pkcs7.data), tag.octetString);
  const [, encrypted] = readSequence(contentOf(safe, pkcs7.encryptedData));
  const [, algorithm, ciphertext] = readSequence(encrypted);
  return await decryptUnderPassword(algorithm, readOctets(ciphertext, implicitOctets), password);
}

const implicitOctets = 0x80;

type Found = { readonly keys: KeyObject[]; readonly certificates: Buffer[]; readonly crls: Buffer[] };

async function readBags(safeContents: Element, password: string, found: Found): Promise<void> {
  for (const safeBag of readSequence(safeContents)) {
    const [id, tagged] = readSequence(safeBag);
    const [value] = readChildren(tagged, constructedTag(0));
    switch (readObjectIdentifier(id)) {
      case bags.key:
        found.keys.push(privateKey(value?.der));
        break;
      case bags.shroudedKey: {
        const [algorithm, ciphertext] = readSequence(value);
        const octets = readOctets(ciphertext, tag.octetString);
        found.keys.push(privateKey(await decryptUnderPassword(algorithm, octets, password)));
        break;
      }
      case bags.certificate:
        found.certificates.push(bagValue(value));
        break;
      case bags.crl:
        found.crls.push(bagValue(value));
        break;
      case bags.safeContents:
        if (value) await readBags(value, password, found);
        break;
      // A secret bag, or one that nobody has defined yet.
    }
  }
}

/** CertBag and CRLBag: a type, and the DER in an OCTET STRING. */
function bagValue(bag: Element | undefined): Buffer {
  const [, tagged] = readSequence(bag);
  return readOctets(readChildren(tagged, constructedTag(0))[0], tag.octetString);
}

/** The cause stays out of the error: it might quote the key. */
function privateKey(pkcs8: Buffer | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pkcs8 ?? Buffer.alloc(0), format: 'der', type: 'pkcs8' });
  } catch {
    throw damaged('not a readable private key');
  }
}

const damaged = (because: string) => new ConsoleError('authority/invalid-material', { because });
