// Tokens of an identity provider that a test plays itself, and rules to try them on.

import { generateKeyPairSync } from 'node:crypto';
import { type JSONWebKeySet, type JWTPayload, SignJWT } from 'jose';

export class PolicyTokens {
  readonly keyId: string;
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 });

  constructor(keyId = 'test-key') {
    this.keyId = keyId;
  }

  get publicPem(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  get keySet(): JSONWebKeySet {
    return { keys: [{ ...this.#keys.publicKey.export({ format: 'jwk' }), kid: this.keyId, use: 'sig' }] };
  }

  /** A token that lives an hour, unless the claims say otherwise. */
  sign(claims: JWTPayload): Promise<string> {
    return this.signAsIs({ exp: Math.floor(Date.now() / 1000) + 3600, ...claims });
  }

  signAsIs(claims: JWTPayload): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: this.keyId }).sign(this.#keys.privateKey);
  }
}

type Rule = {
  readonly subjects: Readonly<Record<string, readonly string[]>>;
  readonly topics: readonly string[];
  readonly actions: readonly string[] | '*';
  readonly effect?: 'allow' | 'deny';
};

/** A rule document in which the group `admins` makes a superuser. */
export const policyText = (rules: readonly Rule[]): string =>
  JSON.stringify({ celine: { mqtt: { acl: { rules } }, roles: { group_permissions: { admins: ['superuser'] } } } });

/** Writers publish below `plant/`, readers subscribe to and read it, and nobody touches `plant/secret`. */
export const plantRules = policyText([
  { subjects: { scopes: ['mqtt.write'] }, topics: ['plant/#'], actions: ['publish'] },
  { subjects: { scopes: ['mqtt.read'] }, topics: ['plant/#'], actions: ['subscribe', 'read'] },
  { subjects: {}, topics: ['plant/secret'], actions: ['publish', 'read'], effect: 'deny' },
]);
