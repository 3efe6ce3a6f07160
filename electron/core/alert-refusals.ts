// Refused logins as brokers' logs tell of them. Only brokers that the console has reached before are asked: looking
// starts nothing. What a log held at the first look is old.

import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import { newLines } from '../broker/doctor/broker-log.ts';
import { type Refusal, readRefusal } from '../monitor/alerts/refusals.ts';

type KnownBrokers = { known(brokerId: string): Pick<ManagedBroker, 'log'> | undefined };

export class AlertRefusals {
  readonly #brokers: KnownBrokers;
  readonly #read = new Map<string, readonly string[]>();

  constructor(brokers: KnownBrokers) {
    this.#brokers = brokers;
  }

  /** What is new since the last look; nothing where the log cannot be read. */
  async look(brokerId: string): Promise<readonly Refusal[]> {
    const lines = await this.#brokers
      .known(brokerId)
      ?.log()
      .catch(() => undefined);
    if (!lines) return [];
    const before = this.#read.get(brokerId);
    this.#read.set(brokerId, lines);
    if (!before) return [];
    return newLines(before, lines).flatMap((line) => readRefusal(line) ?? []);
  }

  /** The next look is the first one again. */
  forget(): void {
    this.#read.clear();
  }
}
