import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import type { Generation } from '../../../shared/model/broker-files.ts';
import { useConsole } from '../../app/console-context.tsx';
import { waiting } from '../../app/snapshot.ts';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { ago, dateTime, useNow } from '../../ui/time.ts';
import classes from './GenerationsPanel.module.css';
import { GoBackPlan } from './plan/GoBackPlan.tsx';

/** The configurations that the broker still holds, to go back to. `isBlocked`: nothing may be pushed right now. */
export function GenerationsPanel({
  broker: { brokerId, lastPushedAt },
  isBlocked,
  onJob,
}: {
  broker: Broker;
  isBlocked: boolean;
  onJob: (jobId: string) => void;
}) {
  const { client, brokers } = useConsole();
  const { generations, readGenerations, goingBack, planGoingBack, forgetGoingBack } = useStore(brokers);
  const chosen = goingBack[brokerId];
  const now = useNow(30_000);
  // Every push leaves the set before it behind: what is listed is read again after each.
  useEffect(() => {
    if (!isBlocked || lastPushedAt) void readGenerations(brokerId);
  }, [brokerId, readGenerations, isBlocked, lastPushedAt]);
  const goBack = async ({ generationId }: Generation) => {
    const { jobId } = await client.brokers.goBack({ brokerId, generationId });
    forgetGoingBack(brokerId);
    onJob(jobId);
  };
  return (
    <section aria-label="Earlier configurations" className={classes.panel}>
      <strong>Earlier configurations</strong>
      <SnapshotView snapshot={generations[brokerId] ?? waiting} onRetry={() => void readGenerations(brokerId)}>
        {(list) =>
          list.length === 0 ? (
            <span>None yet: each push keeps the configuration that was in force before it.</span>
          ) : (
            <ol className={classes.list}>
              {list.map((generation, i) => (
                <li key={generation.generationId} className={classes.generation}>
                  <span className={classes.words}>
                    <span>
                      {dateTime(generation.writtenAt)}{' '}
                      <span className={classes.dim}>
                        {ago(generation.writtenAt, now)}
                        {i === 0 && ', in force before the present one'}
                      </span>
                    </span>
                    <span className={classes.id}>{generation.generationId}</span>
                  </span>
                  <Button
                    leftSection={<IconHistory size={18} aria-hidden />}
                    disabled={isBlocked}
                    aria-label={`Go back to the configuration of ${dateTime(generation.writtenAt)}`}
                    onClick={() => void planGoingBack(brokerId, generation)}
                  >
                    Go back to this one
                  </Button>
                </li>
              ))}
            </ol>
          )
        }
      </SnapshotView>
      {chosen && (
        <GoBackPlan
          shown={chosen}
          isBlocked={isBlocked}
          onCompare={() => void planGoingBack(brokerId, chosen.generation)}
          onGoBack={() => goBack(chosen.generation)}
          onClose={() => forgetGoingBack(brokerId)}
        />
      )}
    </section>
  );
}
