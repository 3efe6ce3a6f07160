// A push: render, lint, plan, stage, swap, let it take effect, probe, keep. Whatever fails after the first touch is
// undone, what holds then is probed once more, and the operator is told both.

import type { DriftChoice, PushPlan } from '../../shared/model/broker.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { requireBroker } from './brokers.ts';
import type { OperationContext } from './context.ts';
import { connectedThoughRevoked, cutRevoked, newlyRevoked } from './cut-revoked.ts';
import { lintPush, type PreparedPush, preparePush } from './push-files.ts';
import { PushJournal } from './push-journal.ts';
import { recoverPush } from './push-recovery.ts';
import { PushRun } from './push-run.ts';
import type { StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const pushSteps = 7;

export type PushOptions = {
  readonly drift?: DriftChoice | undefined;
  /** Restarts the broker although a reload would do: every session ends, also those of the revoked. */
  readonly restart?: boolean | undefined;
  /** Told what every listener answered, after the push and after undoing it. */
  readonly onProbed?: ((report: ProbeReport) => void) | undefined;
};

/** What a push would bring, and what that needs. Changes nothing on the broker. */
export async function planBrokerPush(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  options: Pick<PushOptions, 'drift'> = {},
): Promise<PushPlan> {
  return (await preparePush(context, broker, target, 'to look', options)).plan;
}

/**
 * Brings the broker to what the register says, and proves it. Throws `broker/invalid-files` and
 * `broker/push-in-progress` before anything is touched; later, after undoing, whatever a step threw
 * (`broker/probe-failed`, `broker/start-failed`, `broker/hash-mismatch`, …) with what holds now; `broker/undo-failed`
 * when that is not known.
 */
export function pushBroker(
  context: OperationContext,
  brokerId: string,
  target: ManagedBroker,
  runStep: StepRunner,
  options: PushOptions = {},
): Promise<void> {
  const prepare = (broker: BrokerRow) => preparePush(context, broker, target, 'to leave', options);
  return pushPrepared(context, brokerId, target, runStep, options, prepare);
}

/** A push of whatever files `prepare` answers with. */
export async function pushPrepared(
  context: OperationContext,
  brokerId: string,
  target: ManagedBroker,
  runStep: StepRunner,
  options: PushOptions,
  prepare: (broker: BrokerRow) => Promise<PreparedPush>,
): Promise<void> {
  await recoverPush(context, requireBroker(context, brokerId), target, runStep);
  const journal = new PushJournal(context, brokerId);
  const step = journal.following(runStep);
  const revoked = newlyRevoked(context, requireBroker(context, brokerId));
  const prepared = await journal.failing(async () => {
    const made = await step('Render the files', () => prepare(requireBroker(context, brokerId)));
    await step('Check them as strictly as the broker', () => lintPush(context, requireBroker(context, brokerId), made));
    return made;
  });
  // Read after rendering, which may have issued the broker's certificate.
  const broker = requireBroker(context, brokerId);
  const run = new PushRun({ context, broker, target, journal, step, onProbed: options.onProbed ?? (() => {}) });
  await run.carryOut(prepared, options.restart ? 'restart' : prepared.plan.needs);
  context.changed('brokers');
  const toCut = new Set([...revoked, ...(await connectedThoughRevoked(context, broker, target))]);
  if (toCut.size > 0) await step('Cut off whoever was revoked', () => cutRevoked(context, broker, target, [...toCut]));
}
