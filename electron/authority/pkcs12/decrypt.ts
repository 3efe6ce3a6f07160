// What encrypt.ts is the counterpart of, and the older schemes that others still write (RFC 7292, appendix C).

import { createDecipheriv } from 'node:crypto';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { tag } from '../der.ts';
import { type Element, readObjectIdentifier, readOctets, readSequence } from '../der-reader.ts';
import { derivedFor, derivePkcs12 } from './derive.ts';
import { derivePbkdf2, readDerivation, readIterations, unknownScheme } from './pbkdf2.ts';
import { decryptRc2Cbc } from './rc2.ts';

const ciphers: ReadonlyMap<string, { readonly name: string; readonly keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }],
]);

/** Schemes with a derivation of PKCS#12's own. */
const oldSchemes: ReadonlyMap<string, { readonly cipher: '3des' | 'rc2'; readonly keyBytes: number }> = new Map([
  ['1.2.840.113549.1.12.1.3', { cipher: '3des', keyBytes: 24 }],
  ['1.2.840.113549.1.12.1.4', { cipher: '3des', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.5', { cipher: 'rc2', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.6', { cipher: 'rc2', keyBytes: 5 }],
]);

/**
 * The plain bytes, given the encoded AlgorithmIdentifier. Throws `authority/key-locked` for another password, and
 * `authority/invalid-material` for what no scheme is.
 */
export async function decryptUnderPassword(
  algorithm: Element | undefined,
  ciphertext: Buffer,
  password: string,
): Promise<Buffer> {
  const [id, parameters] = readSequence(algorithm);
  const scheme = readObjectIdentifier(id);
  const old = oldSchemes.get(scheme);
  if (!old && scheme !== '1.2.840.113549.1.5.13') throw unknownScheme(scheme);
  const open = old ? await oldOpener(old, parameters, password) : await modernOpener(parameters, password);
  try {
    return open(ciphertext);
  } catch {
    throw new ConsoleError('authority/key-locked');
  }
}

type Opener = (ciphertext: Buffer) => Buffer;

/** PBES2 with PBKDF2 (RFC 8018, 6.2). */
async function modernOpener(parameters: Element | undefined, password: string): Promise<Opener> {
  const [derivation, encryption] = readSequence(parameters);
  const [cipherId, iv] = readSequence(encryption);
  const cipher = ciphers.get(readObjectIdentifier(cipherId));
  if (!cipher) throw unknownScheme('its cipher');
  const key = await derivePbkdf2(readDerivation(derivation), password, cipher.keyBytes);
  return (ciphertext) => decipher(cipher.name, key, readOctets(iv, tag.octetString), ciphertext);
}

async function oldOpener(
  { cipher, keyBytes }: { readonly cipher: '3des' | 'rc2'; readonly keyBytes: number },
  parameters: Element | undefined,
  password: string,
): Promise<Opener> {
  const [salt, iterations] = readSequence(parameters);
  const derivation = {
    hash: 'sha1',
    password,
    salt: readOctets(salt, tag.octetString),
    iterations: readIterations(iterations),
  } as const;
  const key = await derivePkcs12({ ...derivation, purpose: derivedFor.key, length: keyBytes });
  const iv = await derivePkcs12({ ...derivation, purpose: derivedFor.iv, length: 8 });
  switch (cipher) {
    case 'rc2':
      return (ciphertext) => decryptRc2Cbc(key, 8 * keyBytes, iv, ciphertext);
    case '3des':
      // Of two keys the first serves once more.
      return (ciphertext) => decipher('des-ede3-cbc', Buffer.concat([key, key]).subarray(0, 24), iv, ciphertext);
  }
}

function decipher(name: string, key: Buffer, iv: Buffer, ciphertext: Buffer): Buffer {
  const decryption = createDecipheriv(name, key, iv);
  return Buffer.concat([decryption.update(ciphertext), decryption.final()]);
}
