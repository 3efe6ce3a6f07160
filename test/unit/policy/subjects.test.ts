import { generateKeyPairSync } from 'node:crypto';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { subjectOfClaims, TokenVerifier } from '../../../electron/policy/subjects.ts';

const keys = {
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: generateKeyPairSync('ed25519'),
};
const now = new Date('2026-01-01T00:00:00Z');
const seconds = now.getTime() / 1000;
const claims = { sub: 'ann', exp: seconds + 60, scope: 'mqtt.read' };

const pemOf = (alg: keyof typeof keys) => keys[alg].publicKey.export({ type: 'spki', format: 'pem' }).toString();
const byPem = (alg: keyof typeof keys) => new TokenVerifier({ kind: 'pem', pem: pemOf(alg) });
const sign = (alg: keyof typeof keys, payload: JWTPayload = claims) =>
  new SignJWT(payload).setProtectedHeader({ alg, kid: alg }).sign(keys[alg].privateKey);
const refused = (code: string) => expect.objectContaining({ code });

describe('a token', () => {
  it.each(['RS256', 'ES256', 'EdDSA'] as const)('by %s names its subject, by a PEM and by a JWK set', async (alg) => {
    const keySet = { keys: [{ ...keys[alg].publicKey.export({ format: 'jwk' }), kid: alg }] };
    for (const verifier of [byPem(alg), new TokenVerifier({ kind: 'jwk-set', keySet })])
      expect(await verifier.verify(await sign(alg), now)).toEqual({
        subject: { type: 'service', id: 'ann', groups: [], scopes: ['mqtt.read'] },
        expiresAt: new Date((seconds + 60) * 1000),
      });
  });

  it('is refused with what is wrong with it', async () => {
    const verifier = byPem('RS256');
    const shared = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(pemOf('RS256')));
    const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    const { exp: _, ...endless } = claims;
    for (const [token, code] of [
      [new UnsecuredJWT(claims).encode(), 'policy/token-algorithm'],
      [
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'none' })
          .sign(stranger)
          .catch(() => 'a.b.c'),
        'policy/token-unreadable',
      ],
      [shared, 'policy/token-algorithm'],
      [sign('ES256'), 'policy/token-algorithm'],
      [new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(stranger), 'policy/token-signature'],
      [sign('RS256', { ...claims, exp: seconds }), 'policy/token-expired'],
      [sign('RS256', { ...claims, nbf: seconds + 1 }), 'policy/token-not-yet-valid'],
      [sign('RS256', endless), 'policy/token-claims'],
      ['x'.repeat(2 ** 20), 'policy/token-too-large'],
      ['', 'policy/token-unreadable'],
      ['a.b', 'policy/token-unreadable'],
    ] as const)
      await expect(verifier.verify(await token, now), code).rejects.toEqual(refused(code));
  });

  it('must be by the set issuer for the set audience', async () => {
    const verifier = new TokenVerifier({ kind: 'pem', pem: pemOf('ES256') }, { issuer: 'i', audience: 'a' });
    for (const wrong of [{}, { iss: 'i' }, { aud: 'a' }, { iss: 'j', aud: 'a' }, { iss: 'i', aud: ['b', 'c'] }])
      await expect(verifier.verify(await sign('ES256', { ...claims, ...wrong }), now)).rejects.toEqual(
        refused('policy/token-claims'),
      );
    for (const aud of ['a', ['b', 'a']])
      expect((await verifier.verify(await sign('ES256', { ...claims, iss: 'i', aud }), now)).subject.id).toBe('ann');
  });
});

it('refuses an RSA key that is too short for any token, and says so', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  expect(() => new TokenVerifier({ kind: 'pem', pem })).toThrow(/RSA key has 1024 bits/);
});

it('refuses what is no public key, and an address that is not private to this machine without TLS', () => {
  for (const source of [
    { kind: 'pem', pem: 'x' },
    { kind: 'address', url: 'http://keys.example/' },
    { kind: 'address', url: 'x' },
  ] as const)
    expect(() => new TokenVerifier(source)).toThrow(refused('policy/key-invalid'));
});

it('reads groups wherever Keycloak writes them', () => {
  const { subject } = subjectOfClaims({
    ...claims,
    scope: ['a', 'b'],
    groups: ['/admins', 'viewers'],
    realm_access: { roles: ['editors', 'admins'] },
    organization: { acme: { groups: ['/managers'] }, other: {} },
  });
  expect(subject).toEqual({
    type: 'user',
    id: 'ann',
    groups: ['admins', 'viewers', 'editors', 'managers'],
    scopes: ['a', 'b'],
  });
  const base = { sub: 'x', exp: 1 };
  expect(subjectOfClaims({ ...base, groups: '/interns', scope: '' }).subject).toMatchObject({
    type: 'user',
    groups: ['interns'],
  });
  expect(subjectOfClaims({ ...base, realm_access: { roles: 'a' }, organization: ['acme'] }).subject.groups).toEqual([
    'a',
  ]);
  expect(subjectOfClaims({ ...base, scope: 'mqtt.read  mqtt.write' }).subject.scopes).toEqual([
    'mqtt.read',
    'mqtt.write',
  ]);
  const odd = JSON.parse('{ "__proto__": { "groups": ["interns"] } }');
  expect(subjectOfClaims({ ...base, organization: odd }).subject.groups).toEqual(['interns']);
  expect(subjectOfClaims(base).subject.type).toBe('nobody');
});

it.each([
  { groups: ['interns', 7] },
  { groups: { interns: true } },
  { groups: null },
  { scope: ['mqtt.read', 7] },
  { scope: 7 },
  { realm_access: { roles: [7] } },
  { realm_access: 'interns' },
  { organization: { acme: { groups: [7] } } },
  { organization: { acme: 7 } },
])('refuses a token that may name a group or scope which cannot be read: %o', (odd) => {
  expect(() => subjectOfClaims({ ...claims, ...odd })).toThrow(refused('policy/token-claims'));
});
