// A PKCS#12 file of anybody's (RFC 7292), as OpenSSL, Windows, XCA, browsers and Java write it: in DER or BER, under a
// password. What is inside is believed only once the MAC was right.

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { constructedTag, primitiveTag, tag } from '../der.ts';
import {
  type Element,
  readChildren,
  readElement,
  readObjectIdentifier,
  readOctets,
  readSequence,
} from '../der-reader.ts';
import { berToDer } from './ber.ts';
import { decryptUnderPassword } from './decrypt.ts';
import { checkMac } from './mac.ts';

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

const beginning = Buffer.of(tag.integer, 1, 3, tag.sequence);

/** Whether these bytes begin as a PFX does, in DER or BER: version 3, then a ContentInfo. */
export function looksLikePkcs12(bytes: Buffer): boolean {
  const first = bytes[1] ?? 0;
  const start = 2 + (first > 0x80 ? first & 0x7f : 0);
  return bytes[0] === tag.sequence && bytes.subarray(start, start + beginning.length).equals(beginning);
}

/**
 * Throws `authority/key-locked` for another password, and `authority/invalid-material` for what is damaged, or encrypted
 * in a way that nobody writes any more.
 */
export async function readPkcs12(bytes: Buffer, password: string): Promise<ReadPkcs12> {
  const [, authSafe, macData] = readSequence(await readBer(bytes));
  const safes = readOctets(contentOf(authSafe, pkcs7.data), tag.octetString);
  if (macData) await checkMac(macData, safes, password);
  const found = { keys: [] as KeyObject[], certificates: [] as Buffer[], crls: [] as Buffer[] };
  for (const safe of readSequence(await readBer(safes))) {
    await readBags(await readBer(await openSafe(safe, password)), password, found);
  }
  return found;
}

/** The content of a ContentInfo (RFC 5652) of this type. */
function contentOf(contentInfo: Element | undefined, type: string): Element | undefined {
  const [id, content] = readSequence(contentInfo);
  if (readObjectIdentifier(id) !== type) throw damaged('a part of another type');
  return readChildren(content, constructedTag(0))[0];
}

/** SafeContents, encoded. */
async function openSafe(safe: Element, password: string): Promise<Buffer> {
  const [id] = readSequence(safe);
  if (readObjectIdentifier(id) === pkcs7.data) return readOctets(contentOf(safe, pkcs7.data), tag.octetString);
  const [, encrypted] = readSequence(contentOf(safe, pkcs7.encryptedData));
  const [, algorithm, ciphertext] = readSequence(encrypted);
  return await decryptUnderPassword(algorithm, readImplicitOctets(ciphertext), password);
}

/** `[0] IMPLICIT OCTET STRING`, in one piece or, as only BER has it, in several. */
const readImplicitOctets = (element: Element | undefined): Buffer =>
  element?.tag === constructedTag(0)
    ? Buffer.concat(readChildren(element, constructedTag(0)).map((piece) => readOctets(piece, tag.octetString)))
    : readOctets(element, primitiveTag(0));

const readBer = async (bytes: Buffer): Promise<Element> => readElement(await berToDer(bytes));

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
        found.keys.push(privateKey(await berToDer(await decryptUnderPassword(algorithm, octets, password))));
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
