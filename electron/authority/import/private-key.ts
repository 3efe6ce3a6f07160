import { createPrivateKey, type KeyObject } from 'node:crypto';
import { ConsoleError } from '../../../shared/model/errors.ts';

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
