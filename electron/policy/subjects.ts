// The subject that a JWT speaks for.
// - Only signatures by a key pair count: a shared-secret algorithm under a public key would let anybody sign.
// - A group, role or scope that cannot be read may be one that a rule denies, so such a token is refused.
// - A token without `exp` is refused: it could never be taken back.

import { errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import { groupName, type PolicySubject, subjectTypeOf } from '../../shared/model/policy.ts';
import { keyFinder, type TokenKeySource } from './keys/key-source.ts';

const algorithms = ['RS256', 'ES256', 'EdDSA'];
/** Far above any real token, and below what would take long to read. */
const maxTokenBytes = 65_536;

/** The last second that a Date can tell. */
const lastSecond = 8_640_000_000_000;

/** One name may stand without its list. */
const names = z.union([z.string().transform((name) => [name]), z.array(z.string())]).default([]);
/** By name; with a list of bare names, as Keycloak writes it unless told otherwise, there are no groups. */
const organizations = z.preprocess(
  (value) =>
    Array.isArray(value)
      ? value.filter((entry) => typeof entry !== 'string')
      : typeof value === 'object' && value !== null
        ? Object.values(value)
        : value,
  z.union([z.string().transform(() => []), z.array(z.object({ groups: names }))]).default([]),
);
const claimsSchema = z.object({
  sub: z.string().min(1),
  exp: z.number(),
  scope: z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())]).default([]),
  groups: names,
  realm_access: z.object({ roles: names }).default({ roles: [] }),
  organization: organizations,
});

/** A token's subject, and when the token ends. */
export type VerifiedToken = { readonly subject: PolicySubject; readonly expiresAt: Date };

/** Whatever can tell whom a token speaks for. */
export type TokenCheck = { verify(token: string, now: Date): Promise<VerifiedToken> };

/** The subject of verified claims, and when its token ends. Throws `policy/token-claims` without `sub` or `exp`, and for groups, roles or scopes that are no texts. */
export function subjectOfClaims(payload: unknown): VerifiedToken {
  const { data, error } = claimsSchema.safeParse(payload);
  if (!data) throw new ConsoleError('policy/token-claims', { cause: error });
  const groups = unique(
    [
      ...data.groups,
      ...data.realm_access.roles,
      ...data.organization.flatMap((organization) => organization.groups),
    ].map(groupName),
  );
  const scopes = unique(data.scope);
  return {
    subject: { type: subjectTypeOf(groups, scopes), id: data.sub, groups, scopes },
    expiresAt: new Date(Math.min(data.exp, lastSecond) * 1000),
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)].filter((name) => name !== '');

/** Verifies tokens by one source of keys. The constructor throws `policy/key-invalid`. */
export class TokenVerifier implements TokenCheck {
  readonly #key: JWTVerifyGetKey;
  readonly #expected: { readonly issuer?: string; readonly audience?: string };

  constructor(source: TokenKeySource, expected: { readonly issuer?: string; readonly audience?: string } = {}) {
    this.#key = keyFinder(source);
    this.#expected = expected;
  }

  /** Throws a `policy/token-…` code that says what is wrong, or `policy/key-unreachable`. */
  async verify(token: string, now: Date): Promise<VerifiedToken> {
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
