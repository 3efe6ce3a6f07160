import { Button } from '@mantine/core';
import { IconPlus, IconServerCog } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import layout from '../../ui/layout.module.css';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { AddBroker } from './AddBroker.tsx';
import { BrokerCard } from './BrokerCard.tsx';

/** The brokers that this console configures. */
export function BrokersScreen() {
  const { list, refresh } = useStore(useConsole().brokers);
  const [isAdding, setAdding] = useState(false);
  const addButton = (
    <Button variant="filled" leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setAdding(true)}>
      Add broker
    </Button>
  );
  const isEmpty = list.status === 'ready' && list.value.length === 0;
  return (
    <div className={layout.screen}>
      <PageHeader
        title="Broker"
        about="A push brings certificates, passwords and access rights of all plants onto a broker as one transaction: it is probed, and put back when a probe fails."
      >
        {!isEmpty && addButton}
      </PageHeader>
      <SnapshotView snapshot={list} onRetry={() => void refresh()}>
        {(brokers) =>
          brokers.length === 0 ? (
            <EmptyState icon={IconServerCog} title="No broker yet" action={addButton}>
              Add the Mosquitto that your plants shall connect to. Without one at hand, the practice plant brings its
              own.
            </EmptyState>
          ) : (
            brokers.map((broker) => <BrokerCard key={broker.brokerId} broker={broker} />)
          )
        }
      </SnapshotView>
      {isAdding && <AddBroker onClose={() => setAdding(false)} />}
    </div>
  );
}
