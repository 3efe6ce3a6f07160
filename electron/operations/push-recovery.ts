// What becomes of a push whose console died, or lost the broker, in the middle. The broker holds the mark, the vault's
// journal the decision: a push that was decided for is kept, any other undone, and what holds then is probed.

import type { ManagedBroker, PushMark } from '../../shared/model/broker-files.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { OperationRow } from '../vault/rows/journal.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { pushKind } from './push-journal.ts';
import { sayWhatHolds, undoPush } from './push-undo.ts';
import type { StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const recoverySteps = 3;

/** A mark that its console could not finish writing: nothing was staged under it. */
const unreadablePushId = 'unknown';

/** Pushes to this broker whose outcome is not known. */
export const interruptedPushes = ({ vault }: OperationContext, brokerId: string): OperationRow[] =>
  vault.operations.listInterrupted(pushKind).filter(({ subject }) => subject === brokerId);

/**
 * Ends what this vault began on the broker and did not end; does nothing when there is no such push. Another console's
 * push is left alone. Answers with a sentence about what was done. Throws what the target throws, and then all is as before.
 */
export async function recoverPush(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  step: StepRunner,
  onProbed: (report: ProbeReport) => void = () => {},
): Promise<string | undefined> {
  const open = interruptedPushes(context, broker.brokerId);
  const look = () => target.unfinished();
  const mark = open.length > 0 ? await step('Look for the push that was cut off', look) : await look();
  const own = mark && ownRow(context, mark, open);
  let said: string | undefined;
  if (mark && own?.state === 'succeeded') {
    await step('Keep what was decided for', async () => (await target.adopt(mark.pushId)).keep());
    said = 'The push that was cut off is kept.';
  } else if (mark && own) {
    await step('Undo the push that was cut off', () => undoPush(target, mark.pushId));
    const holds = await step('Ask what holds now', () => sayWhatHolds(context, broker, target, onProbed));
    said = `The push that was cut off is undone: ${holds}.`;
    audit(context, 'broker.push-undone', broker.brokerId, { pushId: mark.pushId, step: mark.step, holds });
  } else if (open.length > 0) {
    said = 'Nothing of the push that was cut off is left on the broker.';
  }
  for (const { operationId } of open) context.vault.operations.resolve(operationId, 'failed', timestamp(context));
  if (said) context.changed('brokers');
  return said;
}

/** Undoes another console's push, by the word of an operator who knows that it is gone. Throws `broker/no-such-push`. */
export async function takeOverPush(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  pushId: string,
  step: StepRunner,
  onProbed: (report: ProbeReport) => void = () => {},
): Promise<void> {
  const push = await step('Take the push over', () => target.adopt(pushId));
  await step('Undo it', () => undoPush(target, pushId, push));
  const holds = await step('Ask what holds now', () => sayWhatHolds(context, broker, target, onProbed));
  audit(context, 'broker.push-taken-over', broker.brokerId, { pushId, holds });
  context.changed('brokers');
}

/** The journal's row of this mark, when the push is this vault's and does not run right now. */
function ownRow({ vault }: OperationContext, mark: PushMark, open: readonly OperationRow[]): OperationRow | undefined {
  const row = mark.pushId === unreadablePushId ? open.at(-1) : vault.operations.get(mark.pushId);
  return row?.state === 'running' ? undefined : row;
}
