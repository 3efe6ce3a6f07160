// Mosquitto's password_file: one `username:hash` a line (mosquitto_passwd(1)).
// - 2.0 drops a user whose line it cannot read; 2.1 exits, also for a name that stands twice.
// - 2.0 reads salts of 12 bytes only.

import { type Fault, fileLines, type Parsed, strangeCharacters } from './fault.ts';

/** `hash` is the whole `$7$iterations$salt$key` text. */
export type PasswordEntry = { readonly username: string; readonly hash: string };

/** PBKDF2-HMAC-SHA512 with a 12-byte salt and a 64-byte key, both in padded base64. */
export type PasswordHash = { readonly iterations: number; readonly salt: string; readonly key: string };

/** Takes a `$7$` hash apart; undefined when Mosquitto 2.0 or 2.1 would not read it. */
export function parsePasswordHash(hash: string): PasswordHash | undefined {
  const match = /^\$7\$([1-9]\d{0,9})\$([A-Za-z0-9+/]{16})\$([A-Za-z0-9+/]{85}[AQgw]==)$/.exec(hash);
  if (match === null) return undefined;
  const [, iterations = '', salt = '', key = ''] = match;
  return Number(iterations) > 0x7fffffff ? undefined : { iterations: Number(iterations), salt, key };
}

export function parsePasswd(text: string): Parsed<readonly PasswordEntry[]> {
  const faults: Fault[] = [];
  const entries = new Map<string, PasswordEntry>();
  for (const [index, line] of fileLines(text).entries()) {
    const fault = (effect: Fault['effect'], reason: string) => faults.push({ line: index + 1, effect, reason });
    if (line === '' || line.startsWith('#')) continue;
    const [username = '', hash, ...more] = line.split(':');
    const problem = username === username.trim() ? strangeCharacters(username) : 'has white space around it';
    if (hash === undefined) {
      fault('misread', 'a line without a colon is passed over');
      continue;
    }
    if (username === '') fault('refused', 'the user name is empty');
    else if (problem !== undefined) fault('misread', `the user name ${problem}`);
    if (more.length > 0) fault('misread', 'what stands after a second colon is passed over');
    if (parsePasswordHash(hash) === undefined)
      fault('refused', 'the hash is not $7$ with a 12-byte salt and 64-byte key');
    if (entries.has(username)) fault('refused', 'the user name stands in the file twice');
    entries.set(username, { username, hash });
  }
  return { value: [...entries.values()], faults };
}

/** The text of a password_file, one line an entry. Throws RangeError for a name that would not be read back. */
export function renderPasswd(entries: readonly PasswordEntry[]): string {
  return entries
    .map(({ username, hash }, index) => {
      if (/[:\r\n]/.test(username) || username.startsWith('#'))
        throw new RangeError(`the user name of entry ${index + 1} cannot stand in a password file`);
      return `${username}:${hash}\n`;
    })
    .join('');
}
