// What the JWT plugin is given to check tokens with.

import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

const minModulusBits = 2048;
const privateParts = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

/** RFC 7517. The plugin finds the key of a token by `kid`, and takes the algorithm from the key alone. */
const keySetSchema = z.object({
  keys: z.array(z.looseObject({ kty: z.literal('RSA'), alg: z.literal('RS256'), kid: z.string().min(1) })).min(1),
});

/** What is wrong with a JWK set for the plugin, or undefined. */
export function keySetProblem(text: string): string | undefined {
  const parsed = keySetSchema.safeParse(parseJson(text));
  if (!parsed.success) return 'is not a JWK set of RSA keys, each with alg RS256 and a kid';
  const { keys } = parsed.data;
  if (keys.some((key) => privateParts.some((part) => part in key))) return 'holds a private key';
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) return 'has two keys with the same kid';
  return keys.every(isStrongKey) ? undefined : `has a key that cannot be read, or has less than ${minModulusBits} bits`;
}

function isStrongKey(jwk: Record<string, unknown>): boolean {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: jwk, format: 'jwk' });
    return (asymmetricKeyDetails?.modulusLength ?? 0) >= minModulusBits;
  } catch {
    return false;
  }
}

/** The plugin takes PKCS#1 only. It starts with an SPKI key too, and then refuses every login. */
export function isPkcs1Key(der: Uint8Array): boolean {
  try {
    createPublicKey({ key: Buffer.from(der), format: 'der', type: 'pkcs1' });
    return true;
  } catch {
    return false;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
