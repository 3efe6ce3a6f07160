// Writes down when plants were heard, by the word of the watches: what proves a session is theirs to say.
// A plant that talks all the time is written down now and then, and many at once in one transaction: each one waits for
// the disk.

import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import type { OperationContext } from '../operations/context.ts';
import { activatePlant } from '../operations/credential-lifecycle.ts';
import { noteSightings, type Sighting } from '../operations/sightings.ts';
import type { Logger } from '../platform/log.ts';

const intervalMs = 15_000;
const atOnce = 100;
/** While many wait, and when nobody does: each transaction waits for the disk, however few are in it. */
const pauseMs = 100;
const restMs = 500;

type Options = {
  readonly logger: Logger;
  /** Undefined while the vault is locked: then nothing is written down. */
  readonly context: () => OperationContext | undefined;
};

export class PlantSightings {
  readonly #options: Options;
  /** By plant, in Unix milliseconds. */
  readonly #lastAt = new Map<string, number>();
  readonly #waiting = new Map<string, number>();
  #writing: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** A plant of the register proved that it has a session. At broker speed. */
  note(plantId: string, at: number): void {
    const since = at - (this.#lastAt.get(plantId) ?? Number.NEGATIVE_INFINITY);
    // A clock that was set back does not silence anybody.
    if (since >= 0 && since < intervalMs) return;
    this.#lastAt.set(plantId, at);
    this.#waiting.set(plantId, at);
    this.#writing ??= this.#writeAll();
  }

  /** These plants are no more. */
  forget(plantIds: readonly string[]): void {
    for (const plantId of plantIds) {
      this.#lastAt.delete(plantId);
      this.#waiting.delete(plantId);
    }
  }

  /** The vault was locked. */
  clear(): void {
    this.#lastAt.clear();
    this.#waiting.clear();
  }

  /** How many plants are remembered. */
  get size(): number {
    return this.#lastAt.size;
  }

  async #writeAll(): Promise<void> {
    // What is heard in the same turn goes along.
    await nextTurn();
    try {
      while (this.#waiting.size > 0) {
        const some = [...this.#waiting].slice(0, atOnce);
        for (const [plantId] of some) this.#waiting.delete(plantId);
        this.#write(some.map(([plantId, at]) => ({ plantId: plantIdSchema.parse(plantId), at })));
        await sleep(this.#waiting.size > 0 ? pauseMs : restMs, undefined, { ref: false });
      }
    } finally {
      this.#writing = undefined;
    }
  }

  #write(sightings: readonly Sighting[]): void {
    const context = this.#options.context();
    if (!context) return;
    try {
      for (const plantId of noteSightings(context, sightings)) void this.#activate(context, plantId);
    } catch (error) {
      this.#options.logger.warn('sightings could not be written down', { error });
    }
  }

  /** Whatever it has to wait for, others are written down meanwhile. */
  async #activate(context: OperationContext, plantId: PlantId): Promise<void> {
    try {
      await activatePlant(context, plantId, 'session');
    } catch (error) {
      this.#options.logger.warn('a plant that was heard could not be put in force', { plantId, error });
    }
  }
}
