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
  const entries: PasswordEntry[] = [];
  const reader = new PasswdReader((entry) => entries.push(entry));
  yield* readAll(reader, text);
  return { value: entries, faults: reader.faults };
}

/** Looks for faults alone. Lines as the console itself writes them are checked where they stand. */
export function* checkPasswdInSteps(text: string): Steps<readonly Fault[]> {
  const reader = new PasswdReader();
  for (let start = 0, number = 1; start < text.length; number++) {
    if (number % linesPerStep === 0) yield;
    const end = plainLineEnd(text, start);
    if (end !== undefined) {
      reader.addUsername(text.slice(start, text.indexOf(':', start)), number);
      start = end;
      continue;
    }
    const feed = text.indexOf('\n', start);
    reader.read(text.slice(start, feed === -1 ? undefined : feed), number);
    start = feed === -1 ? text.length : feed + 1;
  }
  return reader.faults;
}

function* readAll(reader: PasswdReader, text: string): Steps<void> {
  for (const [index, line] of fileLines(text).entries()) {
    if (index % linesPerStep === linesPerStep - 1) yield;
    reader.read(line, index + 1);
  }
}

/** Takes the lines of a password file one after the other. */
export class PasswdReader {
  readonly faults: Fault[] = [];
  readonly #take: ((entry: PasswordEntry) => void) | undefined;
  readonly #usernames = new Set<string>();

  /** `take` gets each entry. */
  constructor(take?: (entry: PasswordEntry) => void) {
    this.#take = take;
  }

  read(raw: string, number: number): void {
    const fault = (effect: Fault['effect'], reason: string) => this.faults.push({ line: number, effect, reason });
    const nul = nulFault(raw, number);
    if (nul !== undefined) this.faults.push(nul);
    const line = withoutTrailingSpace(raw);
    if (line === '' || line.startsWith('#')) return;
    const [username = '', hash, ...more] = line.split(':');
    if (hash === undefined) {
      fault('misread', 'a line without a colon is passed over');
      return;
    }
    const problem = username === username.trim() ? strangeCharacters(username) : 'has white space around it';
    if (username === '') fault('refused', 'the user name is empty');
    else if (problem !== undefined) fault('misread', `the user name ${problem}`);
    if (username.length * 3 > maxNameBytes) fault('refused', 'the user name is too long');
    if (more.length > 0) fault('misread', 'what stands after a second colon is passed over');
    if (parsePasswordHash(hash) === undefined && !sha512Form.test(hash))
      fault('refused', 'the hash is not $7$ with a 12-byte salt and 64-byte key');
    if (this.addUsername(username, number)) this.#take?.({ username, hash });
  }

  /** Whether the name stands here for the first time. */
  addUsername(username: string, number: number): boolean {
    const before = this.#usernames.size;
    const isNew = this.#usernames.add(username).size > before;
    if (!isNew) this.faults.push({ line: number, effect: 'refused', reason: 'the user name stands in the file twice' });
    return isNew;
  }
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const inNames = charactersOf(`${letters}${digits}_.@-`);
const inNumbers = charactersOf(digits);
const inBase64 = charactersOf(`${letters}${digits}+/`);

/**
 * Where the next line begins, if this one is as the console writes it. Nothing can be wrong with such a line but that
 * its name stood before. A regular expression takes three times as long for it.
 */
function plainLineEnd(text: string, start: number): number | undefined {
  const colon = skip(text, start, inNames);
  if (colon === start || colon - start > 100 || !text.startsWith(':$7$', colon)) return undefined;
  const rounds = colon + 4;
  const salt = skip(text, rounds, inNumbers) + 1;
  const key = skip(text, salt, inBase64) + 1;
  const padding = skip(text, key, inBase64);
  const fits =
    salt - rounds > 1 && salt - rounds < 11 && text[rounds] !== '0' && key - salt === 17 && padding - key === 86;
  if (!fits || text[salt - 1] !== '$' || text[key - 1] !== '$') return undefined;
  return 'AQgw'.includes(text[padding - 1] ?? '') && text.startsWith('==\n', padding) ? padding + 3 : undefined;
}

function skip(text: string, start: number, characters: Uint8Array): number {
  let at = start;
  while (at < text.length && characters[text.charCodeAt(at)] === 1) at++;
  return at;
}

function charactersOf(text: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const character of text) table[character.charCodeAt(0)] = 1;
  return table;
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
