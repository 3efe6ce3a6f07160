// Tokens that were checked a moment ago, so that a signature is not verified for every message.
// A token counts for so many seconds, and never longer than it lives; then it is checked anew, by the keys of that time.

import type { PolicySubject } from '../../../shared/model/policy.ts';
import type { TokenCheck } from '../subjects.ts';

const maxTokens = 10_000;
/** Of all tokens together; what is read out of one is never larger than it is. */
const maxCharacters = 32 * 1024 * 1024;

/** The same object as long as the token is remembered. */
export type CheckedToken = {
  readonly subject: PolicySubject;
  readonly expiresAt: number;
  readonly countsUntil: number;
};

export class CheckedTokens {
  readonly #cacheMs: number;
  readonly #tokens = new Map<string, CheckedToken>();
  #verifier: TokenCheck;
  #characters = 0;

  constructor(verifier: TokenCheck, cacheSeconds: number) {
    this.#verifier = verifier;
    this.#cacheMs = cacheSeconds * 1000;
  }

  /** Every token is checked anew from now on. */
  takeTokenCheck(verifier: TokenCheck): void {
    this.#verifier = verifier;
    this.#tokens.clear();
    this.#characters = 0;
  }

  /** What is known of a token without checking it. */
  recall(token: string, now: number): CheckedToken | undefined {
    const known = this.#tokens.get(token);
    return known && now < known.countsUntil ? known : undefined;
  }

  /** Throws what `TokenVerifier.verify` throws. */
  async check(token: string, now: number): Promise<CheckedToken> {
    const known = this.recall(token, now);
    if (known) return known;
    const verifier = this.#verifier;
    const { subject, expiresAt } = await verifier.verify(token, new Date(now));
    // The keys changed meanwhile, so what they said says nothing.
    if (verifier !== this.#verifier) return await this.check(token, now);
    const checked = {
      subject,
      expiresAt: expiresAt.getTime(),
      countsUntil: Math.min(expiresAt.getTime(), now + this.#cacheMs),
    };
    if (this.#cacheMs > 0) this.#remember(token, checked);
    return checked;
  }

  #remember(token: string, checked: CheckedToken): void {
    this.#forget(token);
    this.#tokens.set(token, checked);
    this.#characters += token.length;
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= maxTokens && this.#characters <= maxCharacters) return;
      this.#forget(oldest);
    }
  }

  #forget(token: string): void {
    if (this.#tokens.delete(token)) this.#characters -= token.length;
  }
}
