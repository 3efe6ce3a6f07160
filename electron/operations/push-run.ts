// One push from the first touch of the broker to its end. There are two ends only: the push was decided for and is
// recorded, or nothing of it is left; what is in between stays open in the journal and is ended later.

import { hostname } from 'node:os';
import type { BrokerPush, ManagedBroker, PushNeed } from '../../shared/model/broker-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { assertAnswered, probeBroker } from './probe-broker.ts';
import { type PreparedPush, recordOf } from './push-files.ts';
import type { PushJournal } from './push-journal.ts';
import { writePushRecord } from './push-record.ts';
import { sayWhatHolds, undoPush } from './push-undo.ts';
import type { StepRunner } from './steps.ts';

type PushRunParts = {
  readonly context: OperationContext;
  readonly broker: BrokerRow;
  readonly target: ManagedBroker;
  readonly journal: PushJournal;
  readonly step: StepRunner;
  readonly onProbed: (report: ProbeReport) => void;
};

export class PushRun {
  readonly #parts: PushRunParts;
  #push: BrokerPush | undefined;
  #isTouched = false;

  constructor(parts: PushRunParts) {
    this.#parts = parts;
  }

  async carryOut(prepared: PreparedPush, needs: PushNeed): Promise<void> {
    try {
      if (needs !== 'nothing' || prepared.description.state !== 'running') await this.#bring(prepared, needs);
      await this.#probe(prepared);
      await this.#decide(prepared, needs);
    } catch (error) {
      throw await this.#takenBack(error);
    }
    await this.#keep();
  }

  async #bring({ files }: PreparedPush, needs: PushNeed): Promise<void> {
    const { target, step } = this.#parts;
    await step('Lay the files beside the live ones', async () => {
      const push = await this.#open(target);
      await push.stage(files);
    });
    await step('Put them in place of the live ones', async () => this.#push?.swap());
    await step(effectName(needs), async () => this.#push?.takeEffect(needs));
  }

  async #open(target: ManagedBroker): Promise<BrokerPush> {
    const { context, journal } = this.#parts;
    try {
      this.#push = await target.open({
        pushId: journal.pushId,
        startedBy: `${context.actor} on ${hostname()}`,
        startedAt: timestamp(context),
      });
      this.#isTouched = true;
      return this.#push;
    } catch (error) {
      // Somebody else's push is not ours to undo; after any other failure our mark may be there.
      this.#isTouched = !(error instanceof ConsoleError && error.code === 'broker/push-in-progress');
      throw error;
    }
  }

  #probe({ files }: PreparedPush): Promise<void> {
    const { context, broker, step, onProbed } = this.#parts;
    return step('Probe every listener', async () => {
      const report = await probeBroker(context, broker, files, 'push');
      onProbed(report);
      assertAnswered(report);
    });
  }

  async #decide({ files, plan, digest, crlNextUpdate }: PreparedPush, needs: PushNeed): Promise<void> {
    const { context, broker, journal } = this.#parts;
    const { brokerId } = broker;
    const record = await recordOf(context, broker, journal.pushId, files);
    journal.succeed(() => {
      context.vault.brokers.update(brokerId, {
        lastPushedAt: timestamp(context),
        lastPushDigest: digest,
        crlNextUpdate,
      });
      writePushRecord(context.vault.brokers, brokerId, record);
      audit(context, 'broker.push', brokerId, {
        pushId: journal.pushId,
        needs,
        files: plan.files.filter(({ change }) => change !== 'same').map(({ file }) => file),
      });
    });
  }

  /** The failure as the operator hears it, once nothing of the push is left, or it is known that something may be. */
  async #takenBack(error: unknown): Promise<ConsoleError> {
    const { context, broker, target, journal, step, onProbed } = this.#parts;
    const failure = error instanceof ConsoleError ? error : new ConsoleError('internal/unexpected', { cause: error });
    if (!this.#isTouched) {
      journal.fail(failure.code);
      return failure;
    }
    try {
      await step('Undo the push', () => undoPush(target, journal.pushId, this.#push));
    } catch (undoError) {
      journal.leaveOpen('broker/undo-failed');
      context.changed('brokers');
      return new ConsoleError('broker/undo-failed', {
        because: failure.message,
        details: { ...failure.details, failedWith: failure.code },
        cause: undoError,
      });
    }
    journal.fail(failure.code);
    const holds = await step('Ask what holds now', () => sayWhatHolds(context, broker, target, onProbed));
    return new ConsoleError(failure.code, {
      because: failure.because === undefined ? holds : `${failure.because}; ${holds}`,
      details: { ...failure.details, holds },
      cause: error,
    });
  }

  /** It is decided for already: a broker that cannot be told now is told at the next look. */
  async #keep(): Promise<void> {
    const push = this.#push;
    if (push === undefined) return;
    const { step } = this.#parts;
    await step('Keep them', () => push.keep()).catch(() => {});
  }
}

function effectName(needs: PushNeed): string {
  switch (needs) {
    case 'restart':
      return 'Restart the broker with them';
    case 'reload':
      return 'Let the broker read them';
    case 'nothing':
      return 'Start the broker';
  }
}
