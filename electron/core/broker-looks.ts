// What was seen of each broker when it was looked at last. A broker on this machine is asked each time; one behind a
// network only now and then, and nobody who lists brokers waits for it.

import type { BrokerDescription, ManagedBroker, PushMark } from '../../shared/model/broker-files.ts';
import type { ConsoleError } from '../../shared/model/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { asConsoleError } from './failures.ts';

export type BrokerLook = {
  /** ISO 8601. */
  readonly at: string;
  /** Undefined when it could not be asked. */
  readonly description: BrokerDescription | undefined;
  readonly mark: PushMark | undefined;
  readonly problem: ConsoleError | undefined;
  readonly driftedFiles: readonly string[] | undefined;
};

/** A look at a broker behind a network is as good as new for so long. */
const freshMs = 30_000;

export class BrokerLooks {
  readonly #clock: Clock;
  readonly #looks = new Map<string, BrokerLook>();
  readonly #looking = new Map<string, Promise<BrokerLook>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  last(brokerId: string): BrokerLook | undefined {
    return this.#looks.get(brokerId);
  }

  isFresh(brokerId: string): boolean {
    const look = this.#looks.get(brokerId);
    return look !== undefined && this.#clock.now().getTime() - Date.parse(look.at) < freshMs;
  }

  forget(brokerId: string): void {
    this.#looks.delete(brokerId);
  }

  /** Asks the broker. Who asks while it is being asked gets the same answer. Never throws: a problem is part of a look. */
  look(
    { brokerId }: BrokerRow,
    target: () => ManagedBroker,
    findDrift: () => Promise<readonly string[] | undefined>,
  ): Promise<BrokerLook> {
    const running = this.#looking.get(brokerId);
    if (running) return running;
    const look = this.#ask(target, findDrift).then((seen) => {
      this.#looks.set(brokerId, seen);
      return seen;
    });
    this.#looking.set(brokerId, look);
    return look.finally(() => this.#looking.delete(brokerId));
  }

  async #ask(
    target: () => ManagedBroker,
    findDrift: () => Promise<readonly string[] | undefined>,
  ): Promise<BrokerLook> {
    const at = this.#clock.now().toISOString();
    try {
      const broker = target();
      const description = await broker.describe();
      const mark = await broker.unfinished();
      return { at, description, mark, problem: undefined, driftedFiles: await findDrift() };
    } catch (error) {
      return { at, description: undefined, mark: undefined, problem: asConsoleError(error), driftedFiles: undefined };
    }
  }
}
