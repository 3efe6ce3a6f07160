import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Job } from '../../../shared/model/job.ts';
import { toFailure } from '../../failure.ts';
import type { ConsoleClient } from '../../transport.ts';

/** What a job is done to, such as `deploy:{plantId}`: a screen finds the job again after it was left. */
export type JobKey =
  | `${'push' | 'deploy' | 'rollBack' | 'scan' | 'import' | 'retained'}:${string}`
  | 'practice'
  | 'rollover';

export type JobsStore = {
  readonly jobs: Readonly<Partial<Record<JobKey, Job>>>;
  /** Shows every step of a job under `key` until it has finished; answers how it ended. */
  follow(key: JobKey, jobId: string): Promise<Job>;
  dismiss(key: JobKey): void;
  reset(): void;
};

export const createJobsStore = (client: ConsoleClient): StoreApi<JobsStore> =>
  createStore<JobsStore>((set, get) => {
    const put = (key: JobKey, job: Job) => set({ jobs: { ...get().jobs, [key]: job } });
    return {
      jobs: {},
      follow: async (key, jobId) => {
        let job = await client.jobs.get({ jobId });
        put(key, job);
        try {
          for await (job of await client.jobs.watch({ jobId })) put(key, job);
        } catch (error) {
          // The link broke: how the job ended is not known here, and that is what is shown.
          const { code, sentence } = toFailure(error);
          job = { ...job, state: 'failed', error: { code, detail: sentence } };
          put(key, job);
        }
        return job;
      },
      dismiss: (key) => {
        const { [key]: _dismissed, ...jobs } = get().jobs;
        set({ jobs });
      },
      reset: () => set({ jobs: {} }),
    };
  });
