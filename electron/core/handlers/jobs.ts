import type { Implementer } from '../implementer.ts';
import type { Jobs } from '../jobs.ts';

export function jobsHandlers(os: Implementer, jobs: Jobs) {
  return {
    get: os.jobs.get.handler(({ input }) => jobs.get(input.jobId)),
    watch: os.jobs.watch.handler(({ input, signal }) => jobs.watch(input.jobId, signal)),
  };
}
