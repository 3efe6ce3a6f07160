import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { waiting } from '../../app/snapshot.ts';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import classes from './BrokerCard.module.css';

/** What the broker wrote last. */
export function BrokerLog({ brokerId }: { brokerId: string }) {
  const { logs, readLog } = useStore(useConsole().brokers);
  useEffect(() => void readLog(brokerId), [brokerId, readLog]);
  return (
    <div>
      <div className={classes['log-head']}>
        <strong>Log</strong>
        <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => void readLog(brokerId)}>
          Read again
        </Button>
      </div>
      <SnapshotView snapshot={logs[brokerId] ?? waiting} onRetry={() => void readLog(brokerId)}>
        {(lines) => (
          <section className={classes.log} aria-label="Broker log" tabIndex={-1}>
            {lines.length === 0 ? 'The broker has written nothing yet.' : lines.join('\n')}
          </section>
        )}
      </SnapshotView>
    </div>
  );
}
