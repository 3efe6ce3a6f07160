// One push to the local mosquitto. The target does the work; this holds the order of it.

import type { BrokerFiles, BrokerPush, PushNeed } from '../../../shared/model/broker-files.ts';
import { planPush } from '../plan.ts';
import type { Generations } from './generations.ts';

/** What a push needs of the broker it goes to. */
export type ProcessControl = {
  /** Throws `broker/port-busy`, `broker/invalid-files`. */
  assertStartable(files: BrokerFiles): Promise<void>;
  takeEffect(needs: PushNeed): Promise<void>;
  stop(): Promise<void>;
};

export class ProcessPush implements BrokerPush {
  readonly #generations: Generations;
  readonly #control: ProcessControl;
  readonly #wasRunning: boolean;

  constructor(generations: Generations, control: ProcessControl, wasRunning: boolean) {
    this.#generations = generations;
    this.#control = control;
    this.#wasRunning = wasRunning;
  }

  async stage(files: BrokerFiles): Promise<void> {
    await this.#control.assertStartable(files);
    await this.#generations.stage(files);
  }

  swap(): Promise<void> {
    return this.#generations.swap();
  }

  async takeEffect(needs: PushNeed): Promise<void> {
    await this.#control.takeEffect(needs);
    await this.#generations.note('in-effect');
  }

  keep(): Promise<void> {
    return this.#generations.keep();
  }

  /** When even the files that worked do not start now, nothing keeps running: better down than open. */
  async undo(): Promise<void> {
    const rejected = await this.#generations.restore();
    if (rejected !== undefined) await this.#goBackFrom(rejected);
    await this.#generations.release();
  }

  async #goBackFrom(rejected: BrokerFiles): Promise<void> {
    const restored = await this.#generations.read();
    if (!this.#wasRunning || restored === undefined) return this.#control.stop();
    const { needs } = planPush(rejected, restored);
    await this.#control.takeEffect(needs).catch(() => this.#control.takeEffect('restart'));
  }
}
