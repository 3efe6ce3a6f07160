// What the console itself put into a broker says nothing of a plant, although it lies on the plant's topics.
// - A recording that is played speaks for many plants at any moment: while it is, nothing that is heard on that broker
//   counts. Only the practice broker is ever played to.
// - Of a message by hand exactly that message is left out: what plants say meanwhile, such as the alarm that a command
//   caused, must not be lost. It is known by its digest: a payload may hold a secret.

import { createHash } from 'node:crypto';
import type { IncomingMessage } from '../monitor/topic-store.ts';
import type { Clock } from '../platform/clock.ts';

/** A message takes this long at most through a broker. */
const echoMs = 5000;
const mostTopics = 20_000;
const mostPayloads = 1000;

/** To one topic: each payload's digest and when it was sent last, in the order of sending. */
type Sent = { readonly lastAt: number; readonly digests: Map<string, number> };
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

  /** Called before it is sent. */
  noteSent(brokerId: string, topic: string, payload: Uint8Array): void {
    const sent = this.#sent.get(brokerId) ?? new Map<string, Sent>();
    this.#sent.set(brokerId, sent);
    const now = this.#now();
    for (const [old, { lastAt }] of sent) {
      if (sent.size < mostTopics && now - lastAt < echoMs) break;
      sent.delete(old);
    }
    const { digests } = sent.get(topic) ?? { digests: new Map<string, number>() };
    sent.delete(topic);
    sent.set(topic, { digests, lastAt: now });
    const digest = digestOf(payload);
    digests.delete(digest);
    digests.set(digest, now);
    for (const [old, at] of digests) {
      if (digests.size <= mostPayloads && now - at < echoMs) break;
      digests.delete(old);
    }
  }

  /** Whether the console is behind what was heard. */
  includes(brokerId: string, { topic, payload }: Heard): boolean {
    const playedAt = this.#playedAt.get(brokerId);
    if (playedAt !== undefined && this.#now() - playedAt < echoMs) return true;
    const sent = this.#sent.get(brokerId)?.get(topic);
    if (!sent || this.#now() - sent.lastAt >= echoMs) return false;
    const at = sent.digests.get(digestOf(payload));
    return at !== undefined && this.#now() - at < echoMs;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

const digestOf = (payload: Uint8Array): string => createHash('sha256').update(payload).digest('base64');
