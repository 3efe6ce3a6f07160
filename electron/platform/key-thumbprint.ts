// A public key by its hash, the same however it was encoded: a point may be compressed, parameters left out or spelled out.

import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** The SHA-256 thumbprint of its JWK (RFC 7638) in base64url; null for a key that has no JWK. */
export function keyThumbprint(key: KeyObject): string | null {
  try {
    const { e, n, crv, x, y, kty } = key.export({ format: 'jwk' });
    // JSON leaves out what a kind of key does not have; the rest is in alphabetical order, as the RFC asks.
    return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url');
  } catch {
    return null;
  }
}

/** Of the key that a PEM certificate certifies; null where it cannot be read. */
export function certifiedKeyThumbprint(certificatePem: string): string | null {
  try {
    return keyThumbprint(new X509Certificate(certificatePem).publicKey);
  } catch {
    return null;
  }
}

/** Of a SubjectPublicKeyInfo in DER. */
export const spkiThumbprint = (spki: Buffer): string | null =>
  keyThumbprint(createPublicKey({ key: spki, format: 'der', type: 'spki' }));
