// What is wrong with a line of a Mosquitto file. Reasons never quote a line: those of a password file are secrets.

/**
 * refused: some supported Mosquitto rejects the file, or at SIGHUP goes on without it.
 * misread: it is accepted, but means something else than it seems to.
 */
export type FaultEffect = 'refused' | 'misread';

export type Fault = {
  /** Counted from 1. */
  readonly line: number;
  readonly effect: FaultEffect;
  readonly reason: string;
};

/** What could be read, and everything that speaks against using it. Use `value` only when `faults` is empty. */
export type Parsed<T> = { readonly value: T; readonly faults: readonly Fault[] };

/** Work that stops now and then, so that whoever drives it may let others run. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does all of the work at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** After how many lines a parser stops for a moment. */
export const linesPerStep = 1_000;

/** Mosquitto's lines: split at line feeds, with the white space of C's `isspace` cut from their ends. */
export function fileLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

export const withoutTrailingSpace = (line: string): string => {
  let end = line.length;
  while (end > 0 && isSpace(line.charCodeAt(end - 1))) end--;
  return end === line.length ? line : line.slice(0, end);
};

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u001f\u007f-\u009f]/;
const invisible = /[\u00ad\ufeff\u200b-\u200f\u2028-\u202e\u2060-\u2069]/;
/** Code points that are no characters; Mosquitto refuses them in its configuration. */
const noncharacter = /[\ufdd0-\ufdef\p{Noncharacter_Code_Point}]/u;
const quoted = /^["'].*["']$/s;
const plain = /^[\x20\x21\x23-\x26\x28-\x7e]*$/;

/** Characters that Mosquitto keeps as part of a name, a topic or a path although nobody means them so. */
export function strangeCharacters(text: string): string | undefined {
  if (plain.test(text)) return undefined;
  if (control.test(text)) return 'contains a tab or another control character';
  if (invisible.test(text)) return 'contains an invisible character';
  if (noncharacter.test(text)) return 'contains something that is no character';
  if (quoted.test(text)) return 'is quoted, and the quotes become part of it';
  return undefined;
}

/** A NUL ends a line for Mosquitto, and the next line becomes part of it. */
export const nulFault = (line: string, number: number): Fault | undefined =>
  line.includes('\0') ? { line: number, effect: 'refused', reason: 'the line contains a NUL' } : undefined;
