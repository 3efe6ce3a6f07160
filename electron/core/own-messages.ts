// What the console itself put into a broker says nothing of a plant, although it lies on the plant's topics.
// - A recording that is played speaks for many plants at any moment: while it is, nothing that is heard on that broker
//   counts. Only the practice broker is ever played to.
// - Of a message by hand exactly that message is left out: what plants say meanwhile, such as the alarm that a command
//   caused, must not be lost.

import type { IncomingMessage } from '../monitor/topic-store.ts';
import type { Clock } from '../platform/clock.ts';

/** A message takes this long at most through a broker. */
const echoMs = 5000;
const mostAtOnce = 20_000;

type Sent = { readonly payload: Buffer; readonly at: number };
type Heard = Pick<IncomingMessage, 'topic' | 'payload'>;

export class OwnMessages {
  readonly #clock: Clock;
  readonly #playedAt = new Map<string, number>();
  /** By broker and topic, in the order of sending. */
  readonly #sent = new Map<string, Map<string, Sent>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A recording is played to this broker. */
  notePlayed(brokerId: string): void {
    this.#playedAt.set(brokerId, this.#now());
  }

  /** Called before it is sent. Of several to one topic within seconds, the last one is known. */
  noteSent(brokerId: string, topic: string, payload: Buffer): void {
    const sent = this.#sent.get(brokerId) ?? new Map<string, Sent>();
    this.#sent.set(brokerId, sent);
    for (const [old, { at }] of sent) {
      if (sent.size < mostAtOnce && this.#now() - at < echoMs) break;
      sent.delete(old);
    }
    sent.delete(topic);
    sent.set(topic, { payload, at: this.#now() });
  }

  /** Whether the console is behind what was heard. */
  includes(brokerId: string, { topic, payload }: Heard): boolean {
    const playedAt = this.#playedAt.get(brokerId);
    if (playedAt !== undefined && this.#now() - playedAt < echoMs) return true;
    const sent = this.#sent.get(brokerId)?.get(topic);
    return sent !== undefined && this.#now() - sent.at < echoMs && sent.payload.equals(payload);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
