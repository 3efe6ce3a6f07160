// One push to the practice broker. Its files are in memory, so it is as unfinished as its console: gone with it.

import type { BrokerFiles, BrokerPush, PushMark, PushNeed, PushProgress } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { readConfiguration } from './broker-configuration.ts';

type Actions = {
  swapIn(files: BrokerFiles): void;
  takeEffect(needs: PushNeed): Promise<void>;
  keep(): void;
  /** `told`: what the broker was told to do, successfully or not. */
  undo(told: PushNeed): Promise<void>;
};

export class PracticePush implements BrokerPush {
  readonly #mark: Omit<PushMark, 'step'>;
  readonly #actions: Actions;
  #step: PushProgress = 'opened';
  #staged: BrokerFiles | undefined;
  #told: PushNeed = 'nothing';

  constructor(mark: Omit<PushMark, 'step'>, actions: Actions) {
    this.#mark = mark;
    this.#actions = actions;
  }

  get mark(): PushMark {
    return { ...this.#mark, step: this.#step };
  }

  /** Throws `broker/invalid-files` for what the practice broker cannot read. */
  async stage(files: BrokerFiles): Promise<void> {
    readConfiguration(files);
    this.#staged = files;
    this.#step = 'staged';
  }

  async swap(): Promise<void> {
    if (this.#staged === undefined) throw new ConsoleError('broker/hash-mismatch', { because: 'nothing is staged' });
    this.#actions.swapIn(this.#staged);
    this.#step = 'swapped';
  }

  async takeEffect(needs: PushNeed): Promise<void> {
    this.#told = needs;
    await this.#actions.takeEffect(needs);
    this.#step = 'in-effect';
  }

  async keep(): Promise<void> {
    this.#actions.keep();
  }

  async undo(): Promise<void> {
    await this.#actions.undo(this.#told);
  }
}
