import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';

/** What somebody is at right now, so that nobody else begins it: one piece of work a key. */
export class Reservations {
  readonly #code: ErrorCode;
  readonly #taken = new Set<string>();

  /** `code` is what a second one gets. */
  constructor(code: ErrorCode) {
    this.#code = code;
  }

  /** The answer gives it free again. Throws the code while somebody has it. */
  take(key: string): () => void {
    this.assertFree(key);
    this.#taken.add(key);
    return () => this.#taken.delete(key);
  }

  assertFree(key: string): void {
    if (this.#taken.has(key)) throw new ConsoleError(this.#code, { details: { reserved: key } });
  }
}
