import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { SignJWT } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import {
  generateTokenKey,
  issueToken,
  jwkSet,
  readTokenKey,
  type TokenKey,
  type TokenPublicKey,
  verifyToken,
} from '../../../electron/credentials/tokens.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';

const now = new Date('2028-02-29T10:11:12.345Z');
const seconds = Math.floor(now.getTime() / 1000);
const later = (by: number) => new Date(now.getTime() + by * 1000);
const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');

let key: TokenKey;
let other: TokenKey;
const publicOf = ({ keyId, publicSpkiPem }: TokenKey): TokenPublicKey => ({ keyId, publicKeyPem: publicSpkiPem });
const issue = (ttlSeconds?: number) =>
  issueToken({
    privateKeyPem: key.privatePkcs1Pem,
    keyId: key.keyId,
    plantId,
    now,
    ...(ttlSeconds !== undefined && { ttlSeconds }),
  });

/** A token as somebody else might make it. */
const forge = async (header: object, claims: object, privateKeyPem = key.privatePkcs1Pem) => {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'RS256', ...header })
    .sign(createPrivateKey(privateKeyPem));
};

beforeAll(async () => {
  [key, other] = await Promise.all([generateTokenKey(), generateTokenKey()]);
});

const partOf = (token: string, part: 0 | 1): unknown =>
  JSON.parse(Buffer.from(token.split('.')[part] ?? '', 'base64url').toString());

test('a token carries sub, iat, exp, publ and subs, and the id of its key', async () => {
  const { token, expiresAt } = await issue();
  expect(partOf(token, 0)).toEqual({ alg: 'RS256', typ: 'JWT', kid: key.keyId });
  const topic = (name: string) => `cpi/${plantId}/${name}`;
  expect(partOf(token, 1)).toEqual({
    sub: plantId,
    iat: seconds,
    exp: seconds + 3600,
    publ: ['telemetry', 'status', 'ack', 'alarm', 'info'].map(topic),
    subs: ['command', 'commands', 'config'].map(topic),
  });
  expect(expiresAt).toEqual(new Date((seconds + 3600) * 1000));
});

test('a token is signed so that plain RSA-SHA256 finds it right', async () => {
  const [header, payload, signature = ''] = (await issue()).token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  expect(verify('sha256', signed, key.publicSpkiPem, Buffer.from(signature, 'base64url'))).toBe(true);
});

test('24 hours are the most', async () => {
  expect((await issue(86_400)).expiresAt).toEqual(new Date((seconds + 86_400) * 1000));
  await expect(issue(86_401)).rejects.toMatchObject({ code: 'credential/ttl-too-long' });
});

test('a token lets its plant in until its last second', async () => {
  const { token } = await issue(60);
  expect(await verifyToken(token, [publicOf(key)], now, plantId)).toMatchObject({ sub: plantId, exp: seconds + 60 });
  expect(await verifyToken(token, [publicOf(key)], later(59), plantId)).toBeDefined();
  expect(await verifyToken(token, [publicOf(key)], later(60), plantId)).toBeUndefined();
});

test('a token lets in nobody else, and counts only where its key is known', async () => {
  const { token } = await issue();
  expect(await verifyToken(token, [publicOf(key)], now, 'a1b2c3d4-0000-0000-0000-000000000002')).toBeUndefined();
  expect(await verifyToken(token, [publicOf(other)], now, plantId)).toBeUndefined();
  expect(await verifyToken(token, [], now, plantId)).toBeUndefined();
  expect(await verifyToken(token, [publicOf(other), publicOf(key)], now, plantId)).toBeDefined();
});

test('a token without the id of its key counts where there is one key', async () => {
  const token = await forge({}, { sub: plantId, exp: seconds + 60 });
  expect(await verifyToken(token, [publicOf(key)], now, plantId)).toEqual({
    sub: plantId,
    exp: seconds + 60,
    publ: [],
    subs: [],
  });
  expect(await verifyToken(token, [publicOf(key), publicOf(other)], now, plantId)).toBeUndefined();
});

test.each([
  ['has no exp', { sub: plantId }],
  ['has no sub', { exp: seconds + 60 }],
  ['was issued in the future', { sub: plantId, exp: seconds + 60, iat: seconds + 1 }],
  ['is not valid yet', { sub: plantId, exp: seconds + 60, nbf: seconds + 1 }],
  ['lists topics that are none', { sub: plantId, exp: seconds + 60, publ: [1] }],
])('a token that %s lets nobody in', async (_what, claims) => {
  const token = await forge({ kid: key.keyId }, claims);
  expect(await verifyToken(token, [publicOf(key)], now, plantId)).toBeUndefined();
});

test.each(['RS384', 'RS512', 'PS256'])('a token signed with %s lets nobody in', async (alg) => {
  const token = await forge({ kid: key.keyId, alg }, { sub: plantId, exp: seconds + 60 });
  expect(await verifyToken(token, [publicOf(key)], now, plantId)).toBeUndefined();
});

test('a token signed by the public key as a shared secret, or not at all, lets nobody in', async () => {
  const claims = { sub: plantId, exp: seconds + 60 };
  const shared = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: key.keyId })
    .sign(Buffer.from(key.publicSpkiPem));
  const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${base64url({ alg: 'none', kid: key.keyId })}.${base64url(claims)}.`;
  for (const token of [shared, unsigned, '', 'a.b.c', '\u0000']) {
    expect(await verifyToken(token, [publicOf(key)], now, plantId)).toBeUndefined();
  }
});

test('the key files are the four forms of one key', () => {
  expect(key.privatePkcs1Pem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect(key.publicSpkiPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  const publicKey = createPublicKey(key.privatePkcs1Pem);
  expect(publicKey.export({ type: 'spki', format: 'pem' })).toBe(key.publicSpkiPem);
  expect(publicKey.export({ type: 'spki', format: 'der' })).toEqual(key.publicSpkiDer);
  expect(publicKey.export({ type: 'pkcs1', format: 'der' })).toEqual(key.publicPkcs1Der);
});

test('a JWK set names each key by its id and algorithm, and holds nothing private', () => {
  const { keys } = jwkSet([publicOf(key), publicOf(other)]);
  expect(keys.map(({ kid }) => kid)).toEqual([key.keyId, other.keyId]);
  for (const jwk of keys) {
    expect(Object.keys(jwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(jwk).toMatchObject({ alg: 'RS256', kty: 'RSA', use: 'sig' });
  }
});

test("the broker's key file gives back the key and its id", async () => {
  expect(await readTokenKey(key.publicPkcs1Der)).toEqual(publicOf(key));
});
