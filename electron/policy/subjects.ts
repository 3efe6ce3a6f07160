// The subject that a JWT speaks for.
// - Only signatures by a key pair count: a shared-secret algorithm under a public key would let anybody sign.
// - A token without `exp` is refused: it could never be taken back.

import { createPublicKey } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { z } from 'zod';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import type { PolicySubject } from '../../shared/model/policy.ts';

const algorithms = ['RS256', 'ES256', 'EdDSA'];
/** Far above any real token, and below what would take long to read. */
const maxTokenBytes = 65_536;

/** The console's own key is given as its PEM. */
export type TokenKeySource =
  | { readonly kind: 'pem'; readonly pem: string }
  | { readonly kind: 'jwk-set'; readonly keySet: JSONWebKeySet }
  | { readonly kind: 'address'; readonly url: string };

const list = z.array(z.string()).catch([]);
const claimsSchema = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  scope: z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())]).catch([]),
  groups: list,
  realm_access: z.object({ roles: list }).catch({ roles: [] }),
  organization: z.record(z.string(), z.object({ groups: list }).catch({ groups: [] })).catch({}),
});

/** The subject of verified claims, and when its token ends. Throws `policy/token-claims` without `sub` or `exp`. */
export function subjectOfClaims(payload: unknown): { readonly subject: PolicySubject; readonly expiresAt: Date } {
  const { data, error } = claimsSchema.safeParse(payload);
  if (!data) throw new ConsoleError('policy/token-claims', { cause: error });
  const groups = unique(
    [
      ...data.groups,
      ...data.realm_access.roles,
      ...Object.values(data.organization).flatMap((organization) => organization.groups),
    ].map((group) => group.replace(/^\//, '')),
  );
  const scopes = unique(data.scope);
  const type = groups.length > 0 ? 'user' : scopes.length > 0 ? 'service' : 'nobody';
  return { subject: { type, id: data.sub, groups, scopes }, expiresAt: new Date(data.exp * 1000) };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => name !== '');

/** Verifies tokens by one source of keys. The constructor throws `policy/key-invalid`. */
export class TokenVerifier {
  readonly #key: JWTVerifyGetKey;
  readonly #expected: { readonly issuer?: string; readonly audience?: string };

  constructor(source: TokenKeySource, expected: { readonly issuer?: string; readonly audience?: string } = {}) {
    this.#key = keyFinder(source);
    this.#expected = expected;
  }

  /** Throws a `policy/token-…` code that says what is wrong, or `policy/key-unreachable`. */
  async verify(token: string, now: Date): Promise<{ readonly subject: PolicySubject; readonly expiresAt: Date }> {
    if (token.length > maxTokenBytes) throw new ConsoleError('policy/token-too-large');
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        ...this.#expected,
        algorithms,
        requiredClaims: ['sub', 'exp'],
        currentDate: now,
      });
      return subjectOfClaims(payload);
    } catch (error) {
      throw error instanceof ConsoleError ? error : new ConsoleError(codeOf(error), { cause: error });
    }
  }
}

const keySetSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/** A JWK set (RFC 7517, section 5) from its JSON. Throws `policy/key-invalid`. */
export function readKeySet(text: string): JSONWebKeySet {
  try {
    return keySetSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConsoleError('policy/key-invalid', { because: 'this is no JWK set', cause });
  }
}

function keyFinder(source: TokenKeySource): JWTVerifyGetKey {
  try {
    switch (source.kind) {
      case 'pem': {
        const key = createPublicKey(source.pem);
        return async () => key;
      }
      case 'jwk-set':
        return createLocalJWKSet(source.keySet);
      case 'address': {
        const url = new URL(source.url);
        const isLoopback = ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
        if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
          throw new ConsoleError('policy/key-invalid', { because: 'the address must be https' });
        const fetched = createRemoteJWKSet(url);
        return (header, token) => fetched(header, token).catch(rethrowUnreachable);
      }
    }
  } catch (cause) {
    throw cause instanceof ConsoleError ? cause : new ConsoleError('policy/key-invalid', { cause });
  }
}

/** A key that the set does not hold is the token's fault, everything else the set's. */
function rethrowUnreachable(cause: unknown): never {
  if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) throw cause;
  if (cause instanceof errors.JOSENotSupported) throw cause;
  throw new ConsoleError('policy/key-unreachable', { cause });
}

function codeOf(error: unknown): ErrorCode {
  if (error instanceof errors.JWTExpired) return 'policy/token-expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'nbf' && error.reason === 'check_failed'
      ? 'policy/token-not-yet-valid'
      : 'policy/token-claims';
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  )
    return 'policy/token-signature';
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'policy/token-unreadable';
  // Besides an algorithm that is not allowed: a key of another kind than it needs, for which jose has no error of its own.
  return 'policy/token-algorithm';
}
