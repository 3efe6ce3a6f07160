import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';
import type { ContextOf } from '../operation-context.ts';

/** A job tells the names of plants, so it is shown only while the vault is open. */
export function jobsHandlers(os: Implementer, contextOf: ContextOf, jobs: Jobs) {
  return {
    list: os.jobs.list.handler(({ context }) => {
      contextOf(context);
      return jobs.list();
    }),
    get: os.jobs.get.handler(({ input, context }) => {
      contextOf(context);
      return jobs.get(input.jobId);
    }),
    watch: os.jobs.watch.handler(({ input, context, signal }) => {
      contextOf(context);
      return jobs.watch(input.jobId, signal);
    }),
  };
}
