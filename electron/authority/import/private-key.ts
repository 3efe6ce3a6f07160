import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { tag } from '../der.ts';
import { readElement, readOctets, readSequence } from '../der-reader.ts';
import { fromPem } from '../pem.ts';
import { decryptUnderPassword } from '../pkcs12/decrypt.ts';

/** Above it, deriving the key would hold the console up for seconds. PKCS#8 by OpenSSL has 2,048. */
const largestKey = 64 * 1024;

/**
 * A private key as openssl writes one: PKCS#1, SEC 1 or PKCS#8, also under a passphrase.
 * Throws `authority/key-locked` when the passphrase is missing or wrong, `authority/invalid-material` for anything else.
 * The cause stays out of the errors: it might quote the key.
 */
export function readImportedKey(pem: string, passphrase?: string): KeyObject {
  if (pem.length > largestKey) throw new ConsoleError('authority/invalid-material', { because: 'too long for a key' });
  const isEncrypted = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  if (isEncrypted && passphrase === undefined) throw new ConsoleError('authority/key-locked');
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(isEncrypted && { passphrase }) });
  } catch {
    if (isEncrypted) throw new ConsoleError('authority/key-locked');
    throw new ConsoleError('authority/invalid-material', { because: 'not a readable private key' });
  }
}

/**
 * The same with the derivation of a PKCS#8 key on the thread pool: whoever made the file chose how long it takes. What
 * this console does not know how to open, such as scrypt, is left to Node.
 */
export async function openImportedKey(pem: string, passphrase: string | undefined): Promise<KeyObject> {
  if (passphrase === undefined || !pem.startsWith('-----BEGIN ENCRYPTED PRIVATE KEY-----')) {
    return readImportedKey(pem, passphrase);
  }
  try {
    const [algorithm, ciphertext] = readSequence(readElement(fromPem('ENCRYPTED PRIVATE KEY', pem)));
    const pkcs8 = await decryptUnderPassword(algorithm, readOctets(ciphertext, tag.octetString), passphrase);
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch (error) {
    if (error instanceof ConsoleError && error.code === 'authority/key-locked') throw error;
    return readImportedKey(pem, passphrase);
  }
}
