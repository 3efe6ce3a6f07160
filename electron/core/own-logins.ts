// When the console itself tried logins that a broker may refuse: a push knocks as who must not come in, and the doctor as
// who does not get in. Such a refusal is no plant's. Where a log names nobody, only its time tells whose it was.

import { isOwnSession } from '../operations/own-sessions.ts';
import type { Clock } from '../platform/clock.ts';

const keptSpans = 200;

type Span = { readonly clientId: string | undefined; readonly from: number; until: number };

export class OwnLogins {
  readonly #clock: Clock;
  readonly #spans = new Map<string, Span[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** They are tried from now on, until the answer is called. `clientId`: where it is one of a plant. */
  begin(brokerId: string, clientId?: string): () => void {
    const span = { clientId, from: this.#now(), until: Number.POSITIVE_INFINITY };
    this.#spans.set(brokerId, [...(this.#spans.get(brokerId) ?? []), span].slice(-keptSpans));
    return () => {
      span.until = this.#now();
    };
  }

  /** Whether the console may be behind a refusal that came between these times, in Unix milliseconds. */
  includes(brokerId: string, from: number, to: number, clientId?: string): boolean {
    if (clientId !== undefined && isOwnSession({ clientId })) return true;
    return (this.#spans.get(brokerId) ?? []).some(
      (span) => (clientId === undefined || clientId === span.clientId) && span.from < to && span.until >= from,
    );
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
