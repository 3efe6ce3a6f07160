// Ends pushes that were cut off: at the unlock, and again at every look until the broker could be reached. Each try is
// a job of its own, so that it is seen.

import { requireBroker } from '../operations/brokers.ts';
import { type OperationContext, timestamp } from '../operations/context.ts';
import { pushKind } from '../operations/push-journal.ts';
import { interruptedPushes, recoverPush, recoverySteps } from '../operations/push-recovery.ts';
import type { Clock } from '../platform/clock.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { Jobs } from './jobs.ts';
import type { LiveBrokers } from './live-brokers.ts';

/** Looks may follow each other quickly; a broker that could not be reached is left in peace for so long. */
const pauseMs = 10_000;

type Try = { readonly jobId: string; readonly at: number };

export class PushRecoveries {
  readonly #clock: Clock;
  readonly #jobs: Jobs;
  readonly #brokers: LiveBrokers;
  readonly #tries = new Map<string, Try>();

  constructor(options: { clock: Clock; jobs: Jobs; brokers: LiveBrokers }) {
    this.#clock = options.clock;
    this.#jobs = options.jobs;
    this.#brokers = options.brokers;
  }

  /** At the unlock: every broker that a push was cut off on. A push to a broker that was forgotten is of no interest. */
  startAll(context: OperationContext): void {
    const { brokers, operations } = context.vault;
    for (const { operationId, subject } of operations.listInterrupted(pushKind)) {
      const row = brokers.get(subject);
      if (row) this.start(context, row);
      else operations.resolve(operationId, 'failed', timestamp(context));
    }
  }

  /** The job of the newest try. */
  jobId(brokerId: string): string | undefined {
    return this.#tries.get(brokerId)?.jobId;
  }

  /** Tries again when a push is open there, unless somebody is at the broker or the last try was just now. */
  startIfDue(context: OperationContext, row: BrokerRow): void {
    const last = this.#tries.get(row.brokerId);
    const isDue = !last || this.#clock.now().getTime() - last.at >= pauseMs;
    if (isDue && interruptedPushes(context, row.brokerId).length > 0) this.start(context, row);
  }

  /** Starts a job, unless somebody is at the broker already. */
  start(context: OperationContext, row: BrokerRow): void {
    const { brokerId, name } = row;
    const release = this.#brokers.tryToReserve(brokerId);
    if (!release) return;
    const jobId = this.#jobs.start('recover', name, recoverySteps, (step, onProbed) => {
      const target = this.#brokers.target(row, context.vault.brokers.targetSecret(brokerId));
      return recoverPush(context, requireBroker(context, brokerId), target, step, onProbed)
        .then(() => {})
        .finally(() => {
          release();
          context.changed('brokers');
        });
    });
    this.#tries.set(brokerId, { jobId, at: this.#clock.now().getTime() });
  }
}
