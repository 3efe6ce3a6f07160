import { ConsoleError } from '../../../shared/model/errors.ts';
import { getPlant } from '../../operations/plants.ts';
import type { PracticeFleet } from '../../operations/practice-fleet.ts';
import { notePolicyAsked, practiceSteps, startPracticePlant } from '../../operations/practice-plant.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { LiveBrokers } from '../live-brokers.ts';
import type { LiveMonitors } from '../live-monitors.ts';
import type { LivePolicy } from '../live-policy.ts';
import type { ContextOf } from '../operation-context.ts';

type Parts = {
  readonly contextOf: ContextOf;
  readonly jobs: Jobs;
  readonly brokers: LiveBrokers;
  readonly monitors: LiveMonitors;
  readonly fleet: PracticeFleet;
  readonly policy: LivePolicy;
};

export function practiceHandlers(
  { practice }: Implementer,
  { contextOf, jobs, brokers, monitors, fleet, policy }: Parts,
) {
  return {
    get: practice.get.handler(({ context }) => {
      contextOf(context);
      return fleet.view();
    }),
    start: practice.start.handler(({ context }) => {
      const operation = contextOf(context);
      const running = jobs.running('practice');
      if (running) return { jobId: running.jobId };
      const jobId = jobs.start('practice', 'Practice plant', practiceSteps, (step) =>
        startPracticePlant(operation, {
          fleet,
          brokers,
          listen: (broker) => monitors.connect(operation, broker),
          step,
        }),
      );
      return { jobId };
    }),
    stop: practice.stop.handler(async ({ context }) => {
      contextOf(context);
      if (jobs.running('practice')) throw new ConsoleError('practice/starting');
      await fleet.stop();
      const { brokerId } = fleet.view();
      if (brokerId) await brokers.stop(brokerId);
      return fleet.view();
    }),
    askPolicy: practice.askPolicy.handler(async ({ input: { enabled }, context }) => {
      const operation = contextOf(context);
      await policy.follow(operation);
      await brokers.askPolicy(enabled ? policy.practice : undefined);
      notePolicyAsked(operation, fleet, enabled);
      return fleet.view();
    }),
    issuePolicyToken: practice.issuePolicyToken.handler(({ input, context }) => {
      contextOf(context);
      return policy.practice.issueToken(input);
    }),
    addDevice: practice.addDevice.handler(({ input, context }) => {
      const operation = contextOf(context);
      return fleet.addDevice(operation, getPlant(operation, input.plantId));
    }),
    startPlc: practice.startPlc.handler(({ input, context }) => {
      contextOf(context);
      return fleet.startPlc(input.plantId);
    }),
    eavesdrop: practice.eavesdrop.handler(({ input, context }) => {
      contextOf(context);
      return fleet.eavesdrop(input.plantId, input.topic, input.milliseconds);
    }),
  };
}
