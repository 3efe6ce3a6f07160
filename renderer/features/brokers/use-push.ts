// Pushing from the window. What somebody changed on the broker is seen before anything is written: a push that meets
// drift, or a file that it cannot keep, becomes a look at the plan.

import type { Broker, DriftChoice } from '../../../shared/model/broker.ts';
import { useConsole } from '../../app/console-context.tsx';
import { toFailure } from '../../failure.ts';
import { type Action, useAction } from '../../ui/use-action.ts';

export type PushChoice = { readonly drift: DriftChoice; readonly restart: boolean };

export type Push = {
  readonly action: Action;
  /** Looks at the plan first, and stays there when it holds something that the operator must decide. */
  start(): void;
  /** What the operator decided with the plan in sight. */
  startAs(choice: PushChoice): void;
  /** A new CRL first. */
  renewCrl(): void;
};

/** Failures of a push that the plan has an answer to. */
export const asksForPlan = (code: string): boolean =>
  code === 'broker/foreign-file-invalid' || code === 'broker/changed-meanwhile' || code === 'broker/revokes-more';

export function usePush({ brokerId, lastPushedAt }: Broker, follow: (jobId: string) => void): Push {
  const { client, brokers } = useConsole();
  const action = useAction();
  const { showPlan, forgetPlan } = brokers.getState();

  const push = async (choice: Partial<PushChoice>) => {
    const { jobId } = await client.brokers.push({ brokerId, ...choice });
    forgetPlan(brokerId);
    follow(jobId);
  };
  const isUpToOperator = async (): Promise<boolean> => {
    try {
      const plan = await client.brokers.plan({ brokerId });
      if (plan.drift.length === 0) return false;
      showPlan(brokerId, { drift: 'keep', plan: { status: 'ready', value: plan } });
    } catch (error) {
      const failure = toFailure(error);
      if (!asksForPlan(failure.code)) throw error;
      showPlan(brokerId, { drift: 'keep', plan: { status: 'failed', failure } });
    }
    return true;
  };
  const pushUnlessAsked = async () => {
    if (lastPushedAt === null || !(await isUpToOperator())) await push({});
  };
  return {
    action,
    start: () => void action.run(pushUnlessAsked),
    startAs: (choice) => void action.run(() => push(choice)),
    renewCrl: () =>
      void action.run(async () => {
        await client.authority.renewCrl();
        await pushUnlessAsked();
      }),
  };
}
