import { Button, Select } from '@mantine/core';
import {
  type Icon,
  IconAlertTriangle,
  IconBroadcast,
  IconCircleCheck,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugX,
  IconProgress,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import type { MonitorConnection } from '../../../shared/model/monitor.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href, navigate } from '../../app/route.ts';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import { useAction } from '../../ui/use-action.ts';
import classes from './LiveTopics.module.css';

const connectionSigns: Record<MonitorConnection['state'], { tone: Tone; icon: Icon; word: string }> = {
  stopped: { tone: 'off', icon: IconPlugX, word: 'Not listening' },
  connecting: { tone: 'working', icon: IconProgress, word: 'Connecting' },
  connected: { tone: 'normal', icon: IconCircleCheck, word: 'Listening' },
  refused: { tone: 'fault', icon: IconAlertTriangle, word: 'Refused' },
  disconnected: { tone: 'fault', icon: IconAlertTriangle, word: 'Connection lost' },
};

/** Which broker, whether the console listens to it, and a pause for reading. */
export function MonitorBar({ broker, brokers }: { broker: Broker; brokers: readonly Broker[] }) {
  const { monitor } = useConsole();
  const connection = useStore(monitor, (state) => state.connection);
  const isPaused = useStore(monitor, (state) => state.isPaused);
  const { connect, disconnect, setPaused } = monitor.getState();
  const changing = useAction();
  const sign = connectionSigns[connection.state];
  const isStopped = connection.state === 'stopped';
  return (
    <div className={classes.bar}>
      <Select
        className={classes.broker}
        aria-label="Broker"
        value={broker.brokerId}
        onChange={(brokerId) => brokerId && navigate(href('live', brokerId))}
        data={brokers.map(({ brokerId, name }) => ({ value: brokerId, label: name }))}
      />
      <Button
        variant={isStopped ? 'filled' : 'default'}
        leftSection={isStopped ? <IconBroadcast size={20} aria-hidden /> : <IconPlugX size={20} aria-hidden />}
        loading={changing.isBusy}
        onClick={() => void changing.run(isStopped ? connect : disconnect)}
      >
        {isStopped ? 'Connect' : 'Disconnect'}
      </Button>
      <StatusBadge tone={sign.tone} icon={sign.icon}>
        {sign.word}
      </StatusBadge>
      <span className={classes.gap} />
      <Button
        variant={isPaused ? 'filled' : 'default'}
        aria-pressed={isPaused}
        leftSection={isPaused ? <IconPlayerPlay size={20} aria-hidden /> : <IconPlayerPause size={20} aria-hidden />}
        onClick={() => setPaused(!isPaused)}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
    </div>
  );
}

const grouped = new Intl.NumberFormat('en').format;

/** What came in, and what was not shown: never silently. */
export function Counts() {
  const counts = useStore(useConsole().monitor, (state) => state.counts);
  const rate = useStore(useConsole().monitor, (state) => state.messageRate);
  return (
    <span>
      {grouped(counts.topics)} topics · {grouped(counts.messages)} messages ·{' '}
      {rate < 10 ? rate.toFixed(1) : Math.round(rate)} / s
      {counts.coalesced > 0 && (
        <span title="Values that were overtaken by newer ones of the same topic before this window was told">
          {' '}
          · {grouped(counts.coalesced)} overtaken
        </span>
      )}
      {counts.droppedTopics > 0 && (
        <>
          {' '}
          <StatusBadge tone="attention" icon={IconAlertTriangle}>
            {grouped(counts.droppedTopics)} topics not shown
          </StatusBadge>
        </>
      )}
    </span>
  );
}
