// Where the keys come from that tokens are checked by, as what jose asks for a key.

import { createPublicKey } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { KeySetAddress } from './key-set-address.ts';

/** RFC 7518, 3.3. */
const smallestRsaBits = 2048;

/** The console's own keys are given as a JWK set. */
export type TokenKeySource =
  | { readonly kind: 'pem'; readonly pem: string }
  | { readonly kind: 'jwk-set'; readonly keySet: JSONWebKeySet }
  | { readonly kind: 'address'; readonly url: string; readonly authorityPem?: string | null };

/** Throws `policy/key-invalid`; what it answers with throws `policy/key-unreachable` besides jose's errors. */
export function keyFinder(source: TokenKeySource): JWTVerifyGetKey {
  try {
    switch (source.kind) {
      case 'pem': {
        // Node would take it, but then it lay open wherever public keys may lie.
        if (source.pem.includes('PRIVATE KEY'))
          throw new ConsoleError('policy/key-invalid', { because: 'this is a private key' });
        const key = createPublicKey(source.pem);
        const bits = key.asymmetricKeyDetails?.modulusLength;
        // jose would say so at each token, and nobody would know why no token counts.
        if (bits !== undefined && bits < smallestRsaBits)
          throw new ConsoleError('policy/key-invalid', {
            because: `this RSA key has ${bits} bits, and ${smallestRsaBits} are the least that counts`,
          });
        return async () => key;
      }
      case 'jwk-set':
        return createLocalJWKSet(source.keySet);
      case 'address': {
        const { url, authorityPem } = source;
        const address = new KeySetAddress({ url, authorityPem: authorityPem ?? undefined });
        return (header, token) => address.find(header, token);
      }
    }
  } catch (cause) {
    throw cause instanceof ConsoleError ? cause : new ConsoleError('policy/key-invalid', { cause });
  }
}
