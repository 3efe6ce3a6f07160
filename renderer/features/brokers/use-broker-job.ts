import { useCallback, useEffect } from 'react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import type { Job } from '../../../shared/model/job.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ask, readyValue } from '../../app/snapshot.ts';
import type { JobKey } from '../jobs/store.ts';

export type BrokerJob = {
  readonly job: Job | undefined;
  follow(jobId: string): void;
  dismiss(): void;
};

const isOfBrokers = ({ kind }: Job): boolean => kind === 'push' || kind === 'recover';

/**
 * The job on a broker that is shown: the one that was started here, one that runs since before the window was opened,
 * or the one that ends a push that was cut off.
 */
export function useBrokerJob({ brokerId, name, unfinishedPush }: Broker): BrokerJob {
  const { client, jobs, brokers } = useConsole();
  const key: JobKey = `push:${brokerId}`;
  const job = useStore(jobs, (store) => store.jobs[key]);
  const follow = useCallback(
    (jobId: string) => void jobs.getState().follow(key, jobId).then(brokers.getState().refresh),
    [jobs, brokers, key],
  );
  const endingJobId = unfinishedPush?.jobId;
  useEffect(() => {
    if (endingJobId && jobs.getState().jobs[key]?.jobId !== endingJobId) follow(endingJobId);
  }, [endingJobId, follow, jobs, key]);
  useEffect(() => {
    const find = async () => {
      const known = readyValue(await ask(() => client.jobs.list()));
      const running = known?.find((one) => isOfBrokers(one) && one.subject === name && one.state === 'running');
      if (running && !jobs.getState().jobs[key]) follow(running.jobId);
    };
    void find();
  }, [client, follow, jobs, key, name]);
  return { job, follow, dismiss: () => jobs.getState().dismiss(key) };
}
