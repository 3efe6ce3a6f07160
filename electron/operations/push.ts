// A push: render, lint, plan, stage, swap, let it take effect, probe; and back to the files before when a step fails or a
// listener answers wrongly.

import { randomUUID } from 'node:crypto';
import type { PushPlan } from '../../shared/model/broker.ts';
import type { BrokerPush, ManagedBroker } from '../../shared/model/broker-files.ts';
import { lintBrokerFiles } from '../broker/lint.ts';
import { planPush } from '../broker/plan.ts';
import type { BrokerRow } from '../vault/rows.ts';
import { registerDigest, renderBroker } from './broker-files.ts';
import { requireBroker } from './brokers.ts';
import { consoleIdentity } from './console-identity.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { probeBroker } from './probe-broker.ts';
import { journalled, type StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const pushSteps = 4;

/** What a push would bring, and what that needs. Changes nothing on the broker. */
export async function planBrokerPush(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
): Promise<PushPlan> {
  const description = await target.describe();
  const { files, notices } = await renderBroker(context, broker, description);
  return planPush(await target.current(), files, [...description.notices, ...notices]);
}

/**
 * Brings the broker to what the register says, and proves it. Throws `broker/invalid-files` before anything is touched,
 * `broker/port-busy`, `broker/start-failed`, `broker/mosquitto-missing`, and `broker/probe-failed` after going back.
 */
export async function pushBroker(
  context: OperationContext,
  brokerId: string,
  target: ManagedBroker,
  runStep: StepRunner,
): Promise<void> {
  await journalled(context, 'push', brokerId, runStep, async (step) => {
    const identity = await consoleIdentity(context);
    const description = await target.describe();
    const { files } = await step('Render the files', () =>
      renderBroker(context, requireBroker(context, brokerId), description),
    );
    // Read after rendering, which may have issued the broker's certificate.
    const broker = requireBroker(context, brokerId);
    const digest = registerDigest(context, broker);
    await step('Check them as strictly as the broker', () =>
      lintBrokerFiles(files, { ...description, now: context.clock.now() }),
    );
    const plan = planPush(await target.current(), files);
    const push = await target.open({
      pushId: randomUUID(),
      startedBy: context.actor,
      startedAt: timestamp(context),
    });
    await undoneOnFailure(push, async () => {
      await step(applyStepName(plan), async () => {
        await push.stage(files);
        await push.swap();
        await push.takeEffect(plan.needs);
      });
      await step('Probe every listener', () =>
        probeBroker(context, broker, {
          console: identity,
          hasTokenListener: description.jwtPlugin !== null,
        }),
      );
      await push.keep();
    });
    context.vault.transaction(() => {
      context.vault.brokers.update(brokerId, { lastPushedAt: timestamp(context), lastPushDigest: digest });
      audit(context, 'broker.push', brokerId, {
        needs: plan.needs,
        files: plan.files.filter(({ change }) => change !== 'same').map(({ file }) => file),
      });
    });
    context.changed('brokers');
  });
}

async function undoneOnFailure(push: BrokerPush, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    await push.undo();
    throw error;
  }
}

function applyStepName({ needs }: PushPlan): string {
  switch (needs) {
    case 'restart':
      return 'Put the files in place and start the broker';
    case 'reload':
      return 'Put the files in place and reload the broker';
    case 'nothing':
      return 'Nothing to change: see that the broker runs';
  }
}
