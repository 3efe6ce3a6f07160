// Guessing through the console is slow: every wrong passphrase is answered later than the one before.
// The answer waits, not the next attempt: whoever comes back in an hour with the right one is let in at once.
// Attempts are made one after the other (the vault's queue), so asking in parallel gains nothing.

import { ConsoleError } from '../../shared/model/errors.ts';

export type Sleep = (milliseconds: number) => Promise<void>;

const firstDelay = 250;
const longestDelay = 30_000;

export class PassphraseGate {
  readonly #sleep: Sleep;
  #wrongInARow = 0;

  constructor(sleep: Sleep) {
    this.#sleep = sleep;
  }

  /** Runs `attempt`; holds a `vault/wrong-passphrase` back before it is thrown on. */
  async attempt<T>(attempt: () => Promise<T>): Promise<T> {
    try {
      const result = await attempt();
      this.#wrongInARow = 0;
      return result;
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'vault/wrong-passphrase') {
        await this.#sleep(Math.min(firstDelay * 2 ** this.#wrongInARow++, longestDelay));
      }
      throw error;
    }
  }
}
