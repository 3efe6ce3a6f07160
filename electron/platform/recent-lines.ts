import { redact } from './log.ts';

const maxLineLength = 500;

/** The last lines of a log, cut to a bearable length and without secrets, for showing why something failed. */
export class RecentLines {
  readonly #capacity: number;
  #lines: string[] = [];
  #rest = '';
  #dropped = 0;
  #isInsideKey = false;

  constructor(capacity = 200) {
    this.#capacity = capacity;
  }

  /** Takes a piece of text as it comes; a line counts when its end has come. */
  write(text: string): void {
    const parts = (this.#rest + text).split('\n');
    this.#rest = (parts.pop() ?? '').slice(-maxLineLength);
    for (const part of parts) this.#take(part.trimEnd());
    const surplus = Math.max(0, this.#lines.length - this.#capacity);
    this.#lines.splice(0, surplus);
    this.#dropped += surplus;
  }

  /** A key in PEM is many lines, each of which alone looks harmless. */
  #take(line: string): void {
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) this.#isInsideKey = true;
    if (!this.#isInsideKey) this.#lines.push(String(redact(line)).slice(0, maxLineLength));
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
    return this.#lines.slice(Math.max(0, position - this.#dropped));
  }

  all(): readonly string[] {
    return [...this.#lines];
  }
}
