import { Button } from '@mantine/core';
import { IconServerCog } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import type { Replay } from '../../../shared/model/recording.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import layout from '../../ui/layout.module.css';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { BrokerStrip } from './BrokerStrip.tsx';
import classes from './LiveTopics.module.css';
import { Counts, MonitorBar } from './MonitorBar.tsx';
import { MessagePanel } from './message/MessagePanel.tsx';
import { RecordingBar } from './recordings/RecordingBar.tsx';
import { ReplayBar } from './recordings/ReplayBar.tsx';
import { TopicTreeView } from './TopicTreeView.tsx';
import { useListenerName } from './use-listener-name.ts';

/** What plants say right now: the topics of one broker as a tree, one message in full beside it. */
export function LiveTopicsScreen({ id }: { id: string | null }) {
  const { brokers, monitor, recordings } = useConsole();
  const { list, refresh } = useStore(brokers);
  const chosen = useStore(monitor, (state) => state.chosenBrokerId);
  const replay = useStore(recordings, ({ running }) => running.replays.find(({ replayId }) => replayId === id));
  const follow = useStore(recordings, (state) => state.follow);
  useEffect(() => follow(), [follow]);
  return (
    <div className={`${layout.screen} ${layout.fixed}`}>
      <SnapshotView snapshot={list} onRetry={() => void refresh()}>
        {(brokers) => {
          if (replay) return <ReplayTopics replay={replay} />;
          const broker =
            brokers.find(({ brokerId }) => brokerId === id) ??
            brokers.find(({ brokerId }) => brokerId === chosen) ??
            brokers.find(({ state }) => state === 'running') ??
            brokers[0];
          if (broker) return <LiveTopics broker={broker} brokers={brokers} isChosen={broker.brokerId === id} />;
          return (
            <>
              <PageHeader title="Live topics" />
              <EmptyState
                icon={IconServerCog}
                title="No broker to listen to"
                action={
                  <Button variant="filled" component="a" href={href('brokers')}>
                    Open Broker
                  </Button>
                }
              >
                Add a broker and push to it, or start the practice plant; its messages appear here.
              </EmptyState>
            </>
          );
        }}
      </SnapshotView>
    </div>
  );
}

type LiveTopicsProps = { readonly broker: Broker; readonly brokers: readonly Broker[]; readonly isChosen: boolean };

function LiveTopics({ broker, brokers, isChosen }: LiveTopicsProps) {
  const { monitor } = useConsole();
  const show = useStore(monitor, (state) => state.show);
  const choose = useStore(monitor, (state) => state.choose);
  const failure = useStore(monitor, (state) => state.failure);
  const connection = useStore(monitor, (state) => state.connection);
  const listener = useListenerName(broker.brokerId);
  useEffect(() => show(broker.brokerId), [broker.brokerId, show]);
  // A running one that was nobody's choice stays too: another must not take its place under the operator's hands.
  const isToStay = isChosen || broker.state === 'running';
  useEffect(() => {
    if (isToStay) choose(broker.brokerId);
  }, [broker.brokerId, isToStay, choose]);
  return (
    <>
      <PageHeader title="Live topics" about={<Counts />}>
        <MonitorBar />
      </PageHeader>
      <div className={classes.controls}>
        <BrokerStrip shown={broker.brokerId} brokers={brokers} />
        <RecordingBar brokerId={broker.brokerId} />
      </div>
      {failure && <FailureNotice failure={failure} />}
      {(connection.state === 'refused' || connection.state === 'disconnected') && (
        <Notice tone="fault">
          {connection.state === 'refused'
            ? `The broker refused ${listener === null ? 'the console' : `the credential of ${listener}`}; it is asked again now and then. `
            : 'The broker is gone; trying again. What is shown is from before. '}
          {connection.reason}
        </Notice>
      )}
      <div className={classes.split}>
        <TopicTreeView />
        <MessagePanel />
      </div>
    </>
  );
}

/** A recording as if it were heard now: its topics and messages, and none of what concerns a broker. */
function ReplayTopics({ replay }: { replay: Replay }) {
  const { monitor } = useConsole();
  const show = useStore(monitor, (state) => state.show);
  const { replayId, target } = replay;
  useEffect(() => (target === 'monitor' ? show(replayId) : undefined), [replayId, target, show]);
  return (
    <>
      <PageHeader title="Replay" about={target === 'monitor' && <Counts />}>
        {target === 'monitor' && <MonitorBar />}
      </PageHeader>
      <ReplayBar replay={replay} />
      {target === 'monitor' && (
        <div className={classes.split}>
          <TopicTreeView />
          <MessagePanel isReplay />
        </div>
      )}
    </>
  );
}
