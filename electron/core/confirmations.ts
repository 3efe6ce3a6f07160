// What a caller was told and may now confirm: once, soon, and only exactly that.

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/model/canonical-json.ts';
import type { Clock } from '../platform/clock.ts';
import { randomHex } from '../platform/random.ts';

const validMs = 5 * 60_000;
const manyKept = 200;

type Kept<T> = { readonly sessionId: string; readonly fingerprint: string; readonly until: number; readonly value: T };

export class Confirmations<T> {
  readonly #clock: Clock;
  readonly #keptAtMost: number;
  readonly #kept = new Map<string, Kept<T>>();

  /** `keptAtMost`: fewer where the values are large; a new one takes the place of the oldest. */
  constructor(clock: Clock, keptAtMost = manyKept) {
    this.#clock = clock;
    this.#keptAtMost = keptAtMost;
  }

  /** A token for `subject`, whatever was said of it included; `value` comes back with it. */
  issue(sessionId: string, subject: unknown, value: T): string {
    const token = randomHex(16);
    const now = this.#clock.now().getTime();
    this.#kept.set(token, { sessionId, fingerprint: fingerprintOf(subject), until: now + validMs, value });
    for (const [oldest, { until }] of this.#kept) {
      if (this.#kept.size <= this.#keptAtMost && until >= now) break;
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
