// Mosquitto's password_file: one `username:hash` a line (mosquitto_passwd(1)).
// - 2.0 drops a user whose line it cannot read; 2.1 exits, also for a name that stands twice.
// - 2.0 reads salts of 12 bytes only.

import {
  type Fault,
  fileLines,
  finish,
  linesPerStep,
  nulFault,
  type Parsed,
  type Steps,
  strangeCharacters,
  withoutTrailingSpace,
} from './fault.ts';

/** `hash` is the whole `$7$iterations$salt$key` text. */
export type PasswordEntry = { readonly username: string; readonly hash: string };

/** PBKDF2-HMAC-SHA512 with a 12-byte salt and a 64-byte key, both in padded base64. */
export type PasswordHash = { readonly iterations: number; readonly salt: string; readonly key: string };

const maxNameBytes = 65_535;
const salt = '[A-Za-z0-9+/]{16}';
const key = '[A-Za-z0-9+/]{85}[AQgw]==';
const pbkdf2Form = new RegExp(`^\\$7\\$([1-9]\\d{0,9})\\$(${salt})\\$(${key})$`);
/** One round of SHA-512, as mosquitto_passwd of version 1 wrote it. Both lines still read it. */
const sha512Form = new RegExp(`^\\$6\\$${salt}\\$${key}$`);

/** Takes a `$7$` hash apart; undefined when Mosquitto 2.0 or 2.1 would not read it. */
export function parsePasswordHash(hash: string): PasswordHash | undefined {
  const match = pbkdf2Form.exec(hash);
  if (match === null) return undefined;
  const [, iterations = '', saltText = '', keyText = ''] = match;
  return Number(iterations) > 0x7fffffff ? undefined : { iterations: Number(iterations), salt: saltText, key: keyText };
}

/** The username of a line of a password file; undefined where the broker passes the line over. */
export function passwdUsername(line: string): string | undefined {
  const colon = line.indexOf(':');
  return colon === -1 || line.startsWith('#') ? undefined : line.slice(0, colon);
}

export const parsePasswd = (text: string): Parsed<readonly PasswordEntry[]> => finish(parsePasswdInSteps(text));

export function* parsePasswdInSteps(text: string): Steps<Parsed<readonly PasswordEntry[]>> {
  const faults: Fault[] = [];
  const entries = new Map<string, PasswordEntry>();
  for (const [index, raw] of fileLines(text).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    const fault = (effect: Fault['effect'], reason: string) => faults.push({ line: index + 1, effect, reason });
    const nul = nulFault(raw, index + 1);
    if (nul !== undefined) faults.push(nul);
    const line = withoutTrailingSpace(raw);
    if (line === '' || line.startsWith('#')) continue;
    const [username = '', hash, ...more] = line.split(':');
    if (hash === undefined) {
      fault('misread', 'a line without a colon is passed over');
      continue;
    }
    const problem = username === username.trim() ? strangeCharacters(username) : 'has white space around it';
    if (username === '') fault('refused', 'the user name is empty');
    else if (problem !== undefined) fault('misread', `the user name ${problem}`);
    if (username.length * 3 > maxNameBytes) fault('refused', 'the user name is too long');
    if (more.length > 0) fault('misread', 'what stands after a second colon is passed over');
    if (parsePasswordHash(hash) === undefined && !sha512Form.test(hash))
      fault('refused', 'the hash is not $7$ with a 12-byte salt and 64-byte key');
    if (entries.has(username)) fault('refused', 'the user name stands in the file twice');
    entries.set(username, { username, hash });
  }
  return { value: [...entries.values()], faults };
}

/** One line. Throws RangeError for a name that would not be read back. */
export function passwdLine({ username, hash }: PasswordEntry): string {
  if (/[:\r\n]/.test(username) || username.startsWith('#'))
    throw new RangeError('a user name cannot stand in a password file');
  return `${username}:${hash}`;
}

/** The text of a password_file, one line an entry. Throws RangeError for a name that would not be read back. */
export const renderPasswd = (entries: readonly PasswordEntry[]): string =>
  entries.map((entry) => `${passwdLine(entry)}\n`).join('');
