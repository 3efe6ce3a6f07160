// Tokens for the JWT listener, as the plugin wiomoc/mosquitto-jwt-auth 0.4.0 judges them.
// - Every token carries `exp`: the plugin accepts one without it for ever.
// - Every token carries `publ` and `subs`: Mosquitto 2.1 obeys them alone, 2.0 the ACL file; both must say the same.
// - The plugin allows no leeway: a broker whose clock is behind refuses a token until its `iat` has come.
// - Whoever holds the private key can speak for every plant. It signs here and is deployed nowhere.

import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { calculateJwkThumbprint, errors, type JSONWebKeySet, type JWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { defaultTokenTtlSeconds, maxTokenTtlSeconds } from '../../shared/model/provisioning.ts';
import { plantTopic, topicsReadByPlant, topicsWrittenByPlant } from '../../shared/model/topics.ts';

/** The four key files of the JWT document. */
export type TokenKey = {
  /** RFC 7638 thumbprint of the public key; the `kid` of its tokens. */
  readonly keyId: string;
  readonly privatePkcs1Pem: string;
  readonly publicSpkiPem: string;
  /** What the broker reads; it takes SPKI too, and then refuses every login. */
  readonly publicPkcs1Der: Buffer;
  readonly publicSpkiDer: Buffer;
};

/** As the vault's rows hold it. */
export type TokenPublicKey = { readonly keyId: string; readonly publicKeyPem: string };

const tokenClaimsSchema = z.object({
  sub: z.string(),
  iat: z.number().optional(),
  exp: z.number(),
  /** Topic filters that the plant may publish to, and subscribe to. */
  publ: z.array(z.string()).default([]),
  subs: z.array(z.string()).default([]),
});
export type TokenClaims = z.infer<typeof tokenClaimsSchema>;

/** A new RSA-2048 key: PLCs with little room for a password take its tokens, at 800 characters. */
export async function generateTokenKey(): Promise<TokenKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  return {
    keyId: await calculateJwkThumbprint(publicJwk(publicKey)),
    privatePkcs1Pem: privateKey,
    publicSpkiPem: publicKey,
    ...publicKeyFiles(publicKey),
  };
}

/** The two DER forms of a public key. */
export function publicKeyFiles(publicKeyPem: string): Pick<TokenKey, 'publicPkcs1Der' | 'publicSpkiDer'> {
  const key = createPublicKey(publicKeyPem);
  return {
    publicPkcs1Der: key.export({ type: 'pkcs1', format: 'der' }),
    publicSpkiDer: key.export({ type: 'spki', format: 'der' }),
  };
}

/** The key that a broker reads from its PKCS#1 DER file, with the id that our tokens name it by. */
export async function readTokenKey(publicPkcs1Der: Uint8Array): Promise<TokenPublicKey> {
  const key = createPublicKey({ key: Buffer.from(publicPkcs1Der), format: 'der', type: 'pkcs1' });
  const publicKeyPem = key.export({ type: 'spki', format: 'pem' }).toString();
  return { keyId: await calculateJwkThumbprint(publicJwk(publicKeyPem)), publicKeyPem };
}

const publicJwk = (publicKeyPem: string): JWK => createPublicKey(publicKeyPem).export({ format: 'jwk' });

/** For `jwt_jwks_file`, the plugin's only way to trust a new key before the old one goes. */
export const jwkSet = (keys: readonly TokenPublicKey[]): JSONWebKeySet => ({
  keys: keys.map(({ keyId, publicKeyPem }) => ({ ...publicJwk(publicKeyPem), use: 'sig', alg: 'RS256', kid: keyId })),
});

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kid: z.string(), n: z.string(), e: z.string() })) });

/** The keys of a JWK set as `jwkSet` makes it. Throws for anything else. */
export function readTokenKeySet(keySet: Uint8Array): TokenPublicKey[] {
  const { keys } = keySetSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(keySet)));
  return keys.map(({ kid, n, e }) => {
    const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
    return { keyId: kid, publicKeyPem: key.export({ type: 'spki', format: 'pem' }).toString() };
  });
}

/** An RS256 token for one plant. Throws `credential/ttl-too-long` above 24 hours. `ttlSeconds` is a whole number from 1. */
export async function issueToken(options: {
  readonly privateKeyPem: string;
  readonly keyId: string;
  readonly plantId: PlantId;
  readonly ttlSeconds?: number;
  readonly now: Date;
}): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const { plantId, keyId, ttlSeconds = defaultTokenTtlSeconds } = options;
  if (ttlSeconds > maxTokenTtlSeconds) {
    throw new ConsoleError('credential/ttl-too-long', {
      fields: [{ field: 'ttlSeconds', message: `must be at most ${maxTokenTtlSeconds}` }],
    });
  }
  const now = Math.floor(options.now.getTime() / 1000);
  const exp = now + ttlSeconds;
  const token = await new SignJWT({
    publ: topicsWrittenByPlant.map((name) => plantTopic(plantId, name)),
    subs: topicsReadByPlant.map((name) => plantTopic(plantId, name)),
  })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: keyId })
    .setSubject(plantId)
    .setIssuedAt(now)
    .setExpirationTime(exp)
    .sign(createPrivateKey(options.privateKeyPem));
  return { token, expiresAt: new Date(exp * 1000) };
}

/**
 * The claims of a token that lets `username` in, or undefined. Judged as by the plugin, and stricter where it is lax:
 * RS256 by a known key, `sub` the username, `exp` present and to come, `nbf` and `iat` not in the future.
 * A token without `kid` counts where there is only one key, as with `jwt_sec_file`.
 */
export async function verifyToken(
  token: string,
  publicKeys: readonly TokenPublicKey[],
  now: Date,
  username: string,
): Promise<TokenClaims | undefined> {
  const keys = new Map(publicKeys.map(({ keyId, publicKeyPem }) => [keyId, createPublicKey(publicKeyPem)]));
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = kid === undefined && keys.size === 1 ? keys.values().next().value : keys.get(kid ?? '');
        if (!key) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      { algorithms: ['RS256'], subject: username, requiredClaims: ['sub', 'exp'], currentDate: now },
    );
    const claims = tokenClaimsSchema.parse(payload);
    return claims.iat !== undefined && claims.iat > now.getTime() / 1000 ? undefined : claims;
  } catch {
    return undefined; // whatever is wrong with a token from outside, it lets nobody in
  }
}
