// Brings every broker that was pushed before to what the register says. Many ask for it within moments of each other,
// while a campaign runs for instance: whoever asks while a round is under way shares the next one.

import { registerDigest } from '../operations/broker-files.ts';
import type { OperationContext } from '../operations/context.ts';
import { pushBroker } from '../operations/push.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { BrokerViews } from './broker-views.ts';
import type { LiveBrokers } from './live-brokers.ts';

const quietly = <T>(_name: string, work: () => Promise<T>): Promise<T> => work();

export class BrokersFollow {
  readonly #live: LiveBrokers;
  readonly #views: BrokerViews;
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(live: LiveBrokers, views: BrokerViews) {
    this.#live = live;
    this.#views = views;
  }

  /** Resolves when the brokers know what the register said at the call. Throws what a push throws, after all were tried. */
  follow(context: OperationContext): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const round = this.#push(context);
      this.#running = round.catch(() => {});
      return round;
    });
    return this.#next;
  }

  async #push(context: OperationContext): Promise<void> {
    const waiting = context.vault.brokers.list().filter((row) => isBehind(context, row));
    const ended = await Promise.allSettled(waiting.map((row) => this.#pushOne(context, row)));
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }

  async #pushOne(context: OperationContext, row: BrokerRow): Promise<void> {
    const release = this.#live.reserve(row.brokerId);
    try {
      await pushBroker(context, row.brokerId, this.#views.target(context, row), quietly);
    } finally {
      release();
      this.#views.forget(row.brokerId);
    }
  }
}

const isBehind = (context: OperationContext, row: BrokerRow): boolean =>
  row.lastPushDigest !== null && row.lastPushDigest !== registerDigest(context, row);
