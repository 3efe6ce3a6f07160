// The MAC of a PKCS#12 file: of RFC 7292 with a derivation of its own, or PBMAC1 of RFC 9579 as OpenSSL writes it since 3.4.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { tag } from '../der.ts';
import { type Element, readObjectIdentifier, readOctets, readSequence } from '../der-reader.ts';
import { derivedFor, derivePkcs12, type Pkcs12Hash } from './derive.ts';
import { derivePbkdf2, hmacHashes, readDerivation, readIterations, unknownScheme } from './pbkdf2.ts';

const pbmac1 = '1.2.840.113549.1.5.14';

/** RFC 9579, section 5: a shorter key is a mistake or a trick. Longer than what HMAC takes in, it only costs time. */
const keyLengths = { least: 20, most: 128 } as const;

const hashes: ReadonlyMap<string, Pkcs12Hash> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** Throws `authority/key-locked` where it is not the MAC of `content` under this password. */
export async function checkMac(macData: Element, content: Buffer, password: string): Promise<void> {
  const [digestInfo, salt, iterations] = readSequence(macData);
  const [algorithm, digest] = readSequence(digestInfo);
  const expected = readOctets(digest, tag.octetString);
  const [id, parameters] = readSequence(algorithm);
  const scheme = readObjectIdentifier(id);
  const { hash, key } =
    scheme === pbmac1
      ? await modernKey(parameters, password)
      : await ownKey(scheme, salt, iterations, password, expected.length);
  const actual = createHmac(hash, key).update(content).digest();
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
    throw new ConsoleError('authority/key-locked');
  }
}

type MacKey = { readonly hash: string; readonly key: Buffer };

/** What MacData itself says of salt and iterations does not count (RFC 9579, section 4). */
async function modernKey(parameters: Element | undefined, password: string): Promise<MacKey> {
  const [derivationAlgorithm, scheme] = readSequence(parameters);
  const derivation = readDerivation(derivationAlgorithm);
  const hash = hmacHashes.get(readObjectIdentifier(readSequence(scheme)[0]));
  if (!hash) throw unknownScheme('PBMAC1 with another MAC than HMAC');
  const { keyLength = 0 } = derivation;
  if (!(keyLength >= keyLengths.least && keyLength <= keyLengths.most)) {
    throw unknownScheme('PBMAC1 with a key of another length');
  }
  return { hash, key: await derivePbkdf2(derivation, password, keyLength) };
}

async function ownKey(
  scheme: string,
  salt: Element | undefined,
  iterations: Element | undefined,
  password: string,
  length: number,
): Promise<MacKey> {
  const hash = hashes.get(scheme);
  if (!hash) throw unknownScheme(`its MAC is ${scheme}`);
  const key = await derivePkcs12({
    hash,
    password,
    salt: readOctets(salt, tag.octetString),
    iterations: iterations ? readIterations(iterations) : 1,
    purpose: derivedFor.mac,
    length,
  });
  return { hash, key };
}
