import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import type { Generation } from '../../../shared/model/broker-files.ts';
import { useConsole } from '../../app/console-context.tsx';
import { waiting } from '../../app/snapshot.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { ago, dateTime, useNow } from '../../ui/time.ts';
import classes from './GenerationsPanel.module.css';

/** The configurations that the broker still holds, to go back to. `isBlocked`: nothing may be pushed right now. */
export function GenerationsPanel({
  broker: { brokerId, name, lastPushedAt },
  isBlocked,
  onJob,
}: {
  broker: Broker;
  isBlocked: boolean;
  onJob: (jobId: string) => void;
}) {
  const { client, brokers } = useConsole();
  const { generations, readGenerations } = useStore(brokers);
  const [chosen, setChosen] = useState<Generation | null>(null);
  const now = useNow(30_000);
  // Every push leaves the set before it behind: what is listed is read again after each.
  useEffect(() => {
    if (!isBlocked || lastPushedAt) void readGenerations(brokerId);
  }, [brokerId, readGenerations, isBlocked, lastPushedAt]);
  const goBack = async ({ generationId }: Generation) => {
    const { jobId } = await client.brokers.goBack({ brokerId, generationId });
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
                    onClick={() => setChosen(generation)}
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
        <ConfirmDialog
          title={`Go back on ${name}`}
          action="Go back"
          onConfirm={() => goBack(chosen)}
          onClose={() => setChosen(null)}
        >
          <div>
            The broker is set up again as on {dateTime(chosen.writtenAt)}: its settings, and what others wrote in its
            files then. Who may come in stays as it is today: nobody who was revoked since comes back. It is a push like
            any other: probed, and undone when a probe fails.
          </div>
        </ConfirmDialog>
      )}
    </section>
  );
}
