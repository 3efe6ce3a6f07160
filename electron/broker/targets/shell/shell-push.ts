import type { BrokerFiles, BrokerPush, PushNeed } from '../../../../shared/model/broker-files.ts';
import { needOf } from '../../plan.ts';
import type { BrokerControl } from '../shell-host.ts';
import { takeEffect } from './shell-effect.ts';
import type { ShellPushMark, ShellStore } from './shell-store.ts';

/** One push to a broker behind a shell. */
export class ShellPush implements BrokerPush {
  readonly #store: ShellStore;
  readonly #control: BrokerControl;
  readonly #mark: Omit<ShellPushMark, 'step'>;
  #staged: BrokerFiles | undefined;

  constructor(store: ShellStore, control: BrokerControl, mark: Omit<ShellPushMark, 'step'>) {
    this.#store = store;
    this.#control = control;
    this.#mark = mark;
  }

  async stage(files: BrokerFiles): Promise<void> {
    await this.#store.stage(this.#mark.pushId, this.#mark.startedAt, files);
    this.#staged = files;
  }

  async swap(): Promise<void> {
    await this.#store.swap(this.#mark.pushId, this.#staged);
  }

  async takeEffect(needs: PushNeed): Promise<void> {
    await takeEffect(this.#control, needs);
    await this.#store.note(this.#mark.pushId, 'in-effect');
  }

  async keep(): Promise<void> {
    await this.#store.keep(this.#mark.pushId, this.#mark.startedAt);
  }

  async undo(): Promise<void> {
    const { pushId, wasRunning } = this.#mark;
    if ((await this.#store.mark())?.pushId !== pushId) return;
    const rejected = await this.#store.restore(pushId);
    if (!wasRunning) {
      if (await this.#control.isRunning()) await this.#control.stop();
    } else await this.#goBack(needOf(rejected));
    await this.#store.release(pushId);
  }

  /** Also starts a broker that did not survive the push. */
  async #goBack(needs: PushNeed): Promise<void> {
    if (needs !== 'reload') return takeEffect(this.#control, needs);
    await takeEffect(this.#control, needs).catch(() => takeEffect(this.#control, 'restart'));
  }
}
