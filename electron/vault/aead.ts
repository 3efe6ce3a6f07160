// AES-256-GCM with a fresh random nonce a call. What is written is nonce (12 bytes), ciphertext, tag (16 bytes).
// 2^32 values may be sealed under one key before random nonces become a risk (NIST SP 800-38D, 8.3).

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const keyBytes = 32;
const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** `plain` encrypted under the 32-byte `key` and bound to `associatedData`. */
export function encrypt(key: Uint8Array, associatedData: Uint8Array, plain: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  cipher.setAAD(associatedData);
  const ciphertext = cipher.update(plain);
  cipher.final();
  return Buffer.concat([nonce, ciphertext, cipher.getAuthTag()]);
}

/** Nonce and tag of a sealed value. Without the key nobody makes another value that has these and opens. */
export const sealedName = (sealed: Buffer): string =>
  `${sealed.toString('base64', 0, nonceBytes)} ${sealed.toString('base64', Math.max(sealed.byteLength - tagBytes, 0))}`;

/** The plain bytes, or undefined when the key, the associated data or a single bit differs. */
export function decrypt(key: Uint8Array, associatedData: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  if (sealed.byteLength < nonceBytes + tagBytes) return undefined;
  const nonce = sealed.subarray(0, nonceBytes);
  const ciphertext = sealed.subarray(nonceBytes, sealed.byteLength - tagBytes);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(associatedData);
  decipher.setAuthTag(sealed.subarray(sealed.byteLength - tagBytes));
  const plain = decipher.update(ciphertext);
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return undefined;
  }
}
