import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import type { JobKey } from '../../jobs/store.ts';

/** A job that is done to the device of the plant that is open; what is known of both is asked anew when it has ended. */
export function useDeviceJob(key: JobKey) {
  const { jobs, plantDetail } = useConsole();
  const job = useStore(jobs, (store) => store.jobs[key]);
  return {
    job,
    isRunning: job?.state === 'running',
    follow: (jobId: string) => {
      void jobs
        .getState()
        .follow(key, jobId)
        .then(() => plantDetail.getState().refresh());
    },
    dismiss: () => jobs.getState().dismiss(key),
  };
}
