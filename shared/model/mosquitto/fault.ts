// What is wrong with a line of a Mosquitto file. Reasons never quote a password file: its lines are secrets.

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

/** Mosquitto's lines: split at line feeds, with the white space of C's `isspace` cut from their ends. */
export function fileLines(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/[\t\v\f\r ]+$/, ''));
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Characters that Mosquitto keeps as part of a name, a topic or a path although nobody means them so. */
export function strangeCharacters(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(text)) return 'contains a tab or another control character';
  if (/[\ufeff\u200b-\u200f\u2028-\u202e\u2060-\u2069]/.test(text)) return 'contains an invisible character';
  if (/^["'].*["']$/.test(text)) return 'is quoted, and the quotes become part of it';
  return undefined;
}
