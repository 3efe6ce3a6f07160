import { bringTrust, confirmTrust } from '../../operations/plant-trust.ts';
import { renewPlants } from '../../operations/renew-plants.ts';
import { issueFromNext, retireAuthority, startRollover, viewRollover } from '../../operations/rollover.ts';
import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { ContextOf } from '../operation-context.ts';
import type { Reservations } from '../reservations.ts';

type Parts = { readonly contextOf: ContextOf; readonly deployments: Reservations; readonly jobs: Jobs };

/** How many steps the progress bars expect; there is one a plant, or one for many of them. */
const fewestSteps = 2;

export function rolloverHandlers({ rollover }: Implementer, { contextOf, deployments, jobs }: Parts) {
  return {
    get: rollover.get.handler(({ context }) => viewRollover(contextOf(context))),
    start: rollover.start.handler(({ input, context }) => startRollover(contextOf(context), input)),
    bringTrust: rollover.bringTrust.handler(({ context }) => {
      const operation = contextOf(context);
      return {
        jobId: jobs.start('trust', 'CA file', fewestSteps, (step) =>
          bringTrust(operation, step, (plantId) => deployments.take(plantId)),
        ),
      };
    }),
    confirmTrust: rollover.confirmTrust.handler(async ({ input, context }) => {
      const operation = contextOf(context);
      await confirmTrust(operation, input.plantIds);
      return viewRollover(operation);
    }),
    issue: rollover.issue.handler(({ input, context }) => issueFromNext(contextOf(context), input.insist)),
    renewPlants: rollover.renewPlants.handler(({ context }) => {
      const operation = contextOf(context);
      return {
        jobId: jobs.start('renew', 'Credentials', fewestSteps, (step) =>
          renewPlants(operation, step, (plantId) => deployments.assertFree(plantId)),
        ),
      };
    }),
    retire: rollover.retire.handler(({ input, context }) =>
      retireAuthority(contextOf(context), input.authorityId, input.insist),
    ),
  };
}
