import type { Job } from '../../shared/model/job.ts';
import type { TestConsole } from './console.ts';

/** Waits for a job to end and answers how. */
export async function endOf(console: TestConsole, { jobId }: { jobId: string }): Promise<Job> {
  let last: Job | undefined;
  for await (const job of await console.client.jobs.watch({ jobId })) last = job;
  if (!last) throw new Error('the job told nothing');
  return last;
}
