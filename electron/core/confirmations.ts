// What a caller was told and may now confirm: once, soon, and only exactly that.

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/model/canonical-json.ts';
import type { Clock } from '../platform/clock.ts';
import { randomHex } from '../platform/random.ts';

const validMs = 5 * 60_000;
const keptAtMost = 200;

type Kept<T> = { readonly sessionId: string; readonly fingerprint: string; readonly until: number; readonly value: T };

export class Confirmations<T> {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A token for `subject`, whatever was said of it included; `value` comes back with it. */
  issue(sessionId: string, subject: unknown, value: T): string {
    const token = randomHex(16);
    const until = this.#clock.now().getTime() + validMs;
    this.#kept.set(token, { sessionId, fingerprint: fingerprintOf(subject), until, value });
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= keptAtMost) break;
      this.#kept.delete(oldest);
    }
    return token;
  }

  /** Uses the token up. Undefined when it is none, another session's, too old, or for something else. */
  redeem(sessionId: string, token: string | undefined, subject: unknown): { readonly value: T } | undefined {
    const kept = token === undefined ? undefined : this.#kept.get(token);
    if (token === undefined || !kept) return undefined;
    this.#kept.delete(token);
    const isGood =
      kept.sessionId === sessionId &&
      kept.until >= this.#clock.now().getTime() &&
      kept.fingerprint === fingerprintOf(subject);
    return isGood ? { value: kept.value } : undefined;
  }
}

const fingerprintOf = (subject: unknown): string => createHash('sha256').update(canonicalJson(subject)).digest('hex');
