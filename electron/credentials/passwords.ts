// The password line of Mosquitto 2: `$7$<iterations>$<base64 salt>$<base64 key>`, PBKDF2-HMAC-SHA512.
// - The salt has 12 octets: Mosquitto 2.0 reads no other length (2.1 reads 64 as well).
// - The broker hashes on its one thread, at each login and for every connected client at SIGHUP. A random password
//   of 32 characters (190 bits) gains nothing from more rounds, so 1,000 it is: 100,000 froze a broker for seconds.

import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { randomAlphanumeric } from '../platform/random.ts';

const passwordLength = 32;
const saltLengths: readonly number[] = [12, 64];
const keyLength = 64;
const defaultIterations = 1_000;
/** A line from elsewhere must not keep the thread pool busy for minutes. */
const maxIterations = 1_000_000;

const derive = promisify(pbkdf2);

/** 32 letters and digits, each drawn without bias. */
export const generatePassword = (): string => randomAlphanumeric(passwordLength);

/** The `$7$` text that stands behind `username:` in a password file. */
export async function hashPassword(
  password: string,
  { iterations = defaultIterations }: { readonly iterations?: number } = {},
): Promise<string> {
  const salt = randomBytes(12);
  const key = await derive(password, salt, iterations, keyLength, 'sha512');
  return `$7$${iterations}$${salt.toString('base64')}$${key.toString('base64')}`;
}

/** Whether a broker would let this password in by this `$7$` text. False, never an error, for a text that is none. */
export async function verifyPassword(password: string, line: string): Promise<boolean> {
  const match = /^\$7\$([1-9]\d{0,6})\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)$/.exec(line);
  if (!match) return false;
  const [, iterations = '', salt = '', key = ''] = match;
  const saltBytes = decodeBase64(salt);
  const keyBytes = decodeBase64(key);
  if (!saltBytes || !saltLengths.includes(saltBytes.length)) return false;
  if (keyBytes?.length !== keyLength || Number(iterations) > maxIterations) return false;
  return timingSafeEqual(await derive(password, saltBytes, Number(iterations), keyLength, 'sha512'), keyBytes);
}

/** Undefined unless `text` is exactly what encoding its octets gives: Mosquitto refuses anything else. */
function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
