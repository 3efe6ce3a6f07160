// Why the plugin wiomoc/mosquitto-jwt-auth 0.4.0 refuses a token: it says the same of all faults, nothing.
// A token is read without being believed; its signature is checked where the broker's key is known.

import { createPublicKey, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { Evidence } from '../../../shared/model/doctor.ts';
import type { ListenerFiles } from './listener-files.ts';
import { type Suspicion, suspect } from './patient.ts';

export const looksLikeToken = (text: string | undefined): boolean =>
  text !== undefined && /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(text.trim());

type Claims = { readonly alg: string; readonly kid: string | undefined; readonly claims: ReturnType<typeof decodeJwt> };

function read(token: string): Claims | undefined {
  try {
    const { alg = 'none', kid } = decodeProtectedHeader(token);
    return { alg, kid, claims: decodeJwt(token) };
  } catch {
    return undefined;
  }
}

const time = (seconds: number | undefined): string =>
  seconds === undefined ? 'none' : new Date(seconds * 1000).toISOString();

/** What may be shown of a token: whom it names, how it is signed, and when it counts. */
export function tokenEvidence(token: string): Evidence[] {
  const parts = read(token);
  if (!parts) return [];
  const { alg, kid, claims } = parts;
  return [
    { label: 'Token: algorithm', value: alg },
    ...(kid === undefined ? [] : [{ label: 'Token: key', value: kid }]),
    { label: 'Token: subject', value: claims.sub ?? 'none' },
    { label: 'Token: issued', value: time(claims.iat) },
    { label: 'Token: expires', value: time(claims.exp) },
  ];
}

/** In the order in which they are likely; empty when nothing is wrong with it as far as is known. */
export async function judgeToken(
  token: string,
  { username, now, files }: { username: string | undefined; now: Date; files: ListenerFiles | undefined },
): Promise<Suspicion[]> {
  const parts = read(token);
  if (!parts) return [suspect('token/unreadable')];
  const { alg, claims } = parts;
  const seconds = now.getTime() / 1000;
  const begins = Math.max(claims.iat ?? 0, claims.nbf ?? 0);
  if (alg !== 'RS256') return [suspect('token/algorithm', `it is signed by ${alg}`)];
  if (claims.exp !== undefined && claims.exp <= seconds) return [suspect('token/expired', `at ${time(claims.exp)}`)];
  if (claims.sub !== username) {
    return [
      suspect('token/subject', `the user name is ${username ?? 'not sent'}, the subject ${claims.sub ?? 'missing'}`),
    ];
  }
  if (begins > seconds) {
    return [
      suspect('token/not-yet-valid', `it begins at ${time(begins)}, the broker's clock shows ${now.toISOString()}`),
    ];
  }
  return files ? await judgeSignature(token, files) : [suspect('token/key-format'), suspect('token/other-key')];
}

async function judgeSignature(token: string, { tokenKey, tokenKeySet }: ListenerFiles): Promise<Suspicion[]> {
  if (tokenKeySet) {
    try {
      const keySet = createLocalJWKSet(JSON.parse(Buffer.from(tokenKeySet.content).toString('utf8')));
      return (await verifies(token, keySet))
        ? []
        : [suspect('token/other-key', `${tokenKeySet.name} does not have it`)];
    } catch {
      return [suspect('token/other-key', `${tokenKeySet.name} cannot be read`)];
    }
  }
  if (!tokenKey) return [];
  const der = Buffer.from(tokenKey.content);
  const pkcs1 = readKey(der, 'pkcs1');
  if (!pkcs1) {
    return [
      suspect('token/key-format', readKey(der, 'spki') ? `${tokenKey.name} is SPKI` : `${tokenKey.name} is no PKCS#1`),
    ];
  }
  return (await verifies(token, pkcs1)) ? [] : [suspect('token/other-key', `${tokenKey.name} is another key`)];
}

function readKey(der: Buffer, type: 'pkcs1' | 'spki'): KeyObject | undefined {
  try {
    return createPublicKey({ key: der, format: 'der', type });
  } catch {
    return undefined;
  }
}

/** Only the signature: its times have been judged by the broker's clock. */
async function verifies(token: string, key: KeyObject | ReturnType<typeof createLocalJWKSet>): Promise<boolean> {
  try {
    await (typeof key === 'function' ? jwtVerify(token, key) : jwtVerify(token, key, { algorithms: ['RS256'] }));
    return true;
  } catch (error) {
    return error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired;
  }
}
