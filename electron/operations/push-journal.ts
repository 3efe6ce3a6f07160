// A push in the vault's journal. Its row tells, after a crash, what must become of the push on the broker:
// - succeeded: decided; the broker only has to be told to keep it;
// - anything else: not decided, so it is undone.
// The row is closed in the same transaction that records the push. When the vault was locked meanwhile, the row stays
// open and is found at the next unlock.

import { randomUUID } from 'node:crypto';
import { ConsoleError, type ErrorCode } from '../../shared/model/errors.ts';
import { type OperationContext, timestamp } from './context.ts';
import type { StepRunner } from './steps.ts';

/** The journal's kind of operation. */
export const pushKind = 'push';

export class PushJournal {
  readonly pushId = randomUUID();
  readonly #context: OperationContext;
  #isOpen = true;

  constructor(context: OperationContext, brokerId: string) {
    this.#context = context;
    context.vault.operations.start({
      operationId: this.pushId,
      kind: pushKind,
      subject: brokerId,
      startedAt: timestamp(context),
    });
  }

  /** `step` with every step written down before it begins, as long as the row is open. */
  following(step: StepRunner): StepRunner {
    return (name, work) => {
      if (this.#isOpen) unlessLocked(() => this.#context.vault.operations.step(this.pushId, name));
      return step(name, work);
    };
  }

  /** Work that touches no broker yet: when it throws, the push is over. */
  async failing<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.fail(error instanceof ConsoleError ? error.code : 'internal/unexpected');
      throw error;
    }
  }

  /** Decides for the push: `record` and the decision are stored together, or neither. */
  succeed(record: () => void): void {
    this.#context.vault.transaction(() => {
      record();
      this.#context.vault.operations.finish(this.pushId, 'succeeded', timestamp(this.#context));
    });
    this.#isOpen = false;
  }

  /** Nothing of the push is left on the broker. */
  fail(code: ErrorCode): void {
    unlessLocked(() => this.#context.vault.operations.finish(this.pushId, 'failed', timestamp(this.#context), code));
    this.#isOpen = false;
  }

  /** Something of the push may be left on the broker. */
  leaveOpen(code: ErrorCode): void {
    unlessLocked(() => this.#context.vault.operations.interrupt(this.pushId, timestamp(this.#context), code));
    this.#isOpen = false;
  }
}

function unlessLocked(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof ConsoleError && error.code === 'vault/locked')) throw error;
  }
}
