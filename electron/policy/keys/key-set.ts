import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { ConsoleError } from '../../../shared/model/errors.ts';

const keySetSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** A set of public keys (JWK set, RFC 7517, section 5) from its JSON. Throws `policy/key-invalid`. */
export function readKeySet(text: string): JSONWebKeySet {
  const keySet = parse(text);
  // The private member of a key pair, and a shared secret (RFC 7518, 6.2.2, 6.3.2 and 6.4).
  if (keySet.keys.some((key) => 'd' in key || 'k' in key))
    throw new ConsoleError('policy/key-invalid', { because: 'there is a private key in this JWK set' });
  return keySet;
}

function parse(text: string): JSONWebKeySet {
  try {
    return keySetSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConsoleError('policy/key-invalid', { because: 'this is no JWK set', cause });
  }
}
