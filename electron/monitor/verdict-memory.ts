// What was found out about messages as they came, for when one of them is opened. A message is known by its signature and
// the time it came at: one that was recorded and sent again has the same signature and another time.

import type { ReplayVerdict } from './replay-check.ts';

const maxVerdicts = 10_000;

export class VerdictMemory {
  readonly #verdicts = new Map<string, ReplayVerdict>();

  /** Twice in one millisecond, the later verdict stands: it is the one that found the first. */
  add(sig: unknown, receivedAt: number, verdict: ReplayVerdict): void {
    if (typeof sig !== 'string') return;
    this.#verdicts.set(keyOf(sig, receivedAt), verdict);
    if (this.#verdicts.size <= maxVerdicts) return;
    const [oldest] = this.#verdicts.keys();
    if (oldest !== undefined) this.#verdicts.delete(oldest);
  }

  get(sig: unknown, receivedAt: number): ReplayVerdict | undefined {
    return typeof sig === 'string' ? this.#verdicts.get(keyOf(sig, receivedAt)) : undefined;
  }
}

const keyOf = (sig: string, receivedAt: number): string => `${receivedAt} ${sig.toLowerCase()}`;
