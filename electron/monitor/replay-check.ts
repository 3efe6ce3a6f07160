// A message recorded and sent again carries a good signature: only its nonce and its time tell.

export type ReplayVerdict = 'fresh' | 'repeated' | 'too-old' | 'too-new' | 'unchecked';

/**
 * Remembers the nonces of one plant's messages of one kind within the window.
 * Give it messages with a valid signature only: others could fill it and push true nonces out.
 */
export class ReplayCheck {
  readonly #seen = new Map<string, number>();
  readonly #windowMs: number;
  readonly #maxNonces: number;

  constructor(windowMs: number, maxNonces: number) {
    this.#windowMs = windowMs;
    this.#maxNonces = maxNonces;
  }

  /**
   * `ts` and `now` in Unix milliseconds; `nonce` is `n`, of a command `cmdId`.
   * unchecked: so many nonces are within the window that this one could not be remembered.
   */
  judge(nonce: string, ts: number, now: number): ReplayVerdict {
    if (!(ts >= now - this.#windowMs)) return 'too-old';
    if (ts > now + this.#windowMs) return 'too-new';
    // Hexadecimal digits mean the same in either case.
    const key = nonce.toLowerCase();
    if (this.#seen.has(key)) return 'repeated';
    if (this.#seen.size >= this.#maxNonces) {
      for (const [old, seenTs] of this.#seen) if (seenTs < now - this.#windowMs) this.#seen.delete(old);
      if (this.#seen.size >= this.#maxNonces) return 'unchecked';
    }
    this.#seen.set(key, ts);
    return 'fresh';
  }
}
