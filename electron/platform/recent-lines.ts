import { redact } from './log.ts';
import { WholeLines } from './whole-lines.ts';

const maxLineLength = 500;
/** A secret that begins where a line is shown is whole within this, and so found. */
const keptLineLength = 16_384;

/**
 * The last lines of a log, cut to a bearable length and without secrets, for showing why something failed. A broker may
 * write a line for each message: secrets are looked for when lines are read, in those that are still there.
 */
export class RecentLines {
  readonly #capacity: number;
  #lines: string[] = [];
  readonly #pieces = new WholeLines();
  #dropped = 0;
  #isInsideKey = false;

  constructor(capacity = 200) {
    this.#capacity = capacity;
  }

  /** Takes a piece of text as it comes; a line counts when its end has come. */
  write(text: string): void {
    const parts = this.#pieces.take(text).split('\n').slice(0, -1);
    const mayHoldKey = this.#isInsideKey || parts.some((part) => part.includes('PRIVATE KEY-----'));
    // Only the last ones would stay.
    const kept = mayHoldKey ? parts : parts.slice(-this.#capacity);
    this.#dropped += parts.length - kept.length;
    for (const part of kept) this.#take(part.trimEnd());
    const surplus = Math.max(0, this.#lines.length - this.#capacity);
    this.#lines.splice(0, surplus);
    this.#dropped += surplus;
  }

  /** A key in PEM is many lines, each of which alone looks harmless. */
  #take(line: string): void {
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) this.#isInsideKey = true;
    if (!this.#isInsideKey) this.#lines.push(line.slice(0, keptLineLength));
    if (/-----END [A-Z ]*PRIVATE KEY-----/.test(line)) {
      this.#isInsideKey = false;
      this.#lines.push('[redacted]');
    }
  }

  /** How many lines there have been so far; give it to `since` later. */
  get position(): number {
    return this.#dropped + this.#lines.length;
  }

  since(position: number): readonly string[] {
    return this.#lines.slice(Math.max(0, position - this.#dropped)).map(shown);
  }

  all(): readonly string[] {
    return this.#lines.map(shown);
  }
}

const shown = (line: string): string => String(redact(line)).slice(0, maxLineLength);
