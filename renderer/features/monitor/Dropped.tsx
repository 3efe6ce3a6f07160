import { IconAlertTriangle } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import classes from './TopicTree.module.css';
import { amount, grouped } from './words.ts';

/** What is missing, and where it was dropped: by the broker, in the console, of what came earlier, in this window. */
export function Dropped() {
  const counts = useStore(useConsole().monitor, (state) => state.counts);
  const { droppedByBroker, droppedTopics, cutValues, leftOutProperties, oversized, evicted, coalesced } = counts;
  const inConsole = [
    ...(droppedTopics > 0 ? [`${amount(droppedTopics, 'message', 'messages')} of new topics without room`] : []),
    ...(oversized > 0 ? [`${amount(oversized, 'message', 'messages')} too large`] : []),
    ...(cutValues > 0 ? [`${amount(cutValues, 'value', 'values')} cut`] : []),
    ...(leftOutProperties > 0 ? [`properties of ${amount(leftOutProperties, 'message', 'messages')} left out`] : []),
  ];
  return (
    <dl className={classes.dropped} aria-label="What was dropped">
      <Place
        name="Broker"
        about="Messages that the broker dropped to any of its clients since the console listens, by its own count ($SYS)"
        dropped={
          droppedByBroker === null || droppedByBroker === 0 ? [] : [amount(droppedByBroker, 'message', 'messages')]
        }
        nothing={droppedByBroker === null ? 'does not say' : 'none dropped'}
      />
      <Place
        name="Console"
        about="Messages of topics beyond the monitor's budget, values of which only the beginning is kept, and MQTT 5 properties without room; a message is too large from 16 MiB on, or with 64 KiB of properties"
        dropped={inConsole}
        nothing="none dropped"
      />
      <div title="Earlier messages that made room for newer ones, of all topics; no longer in a topic's history and plots, but in the counts">
        <dt>History</dt>
        <dd>{evicted > 0 ? `${grouped(evicted)} made room` : 'whole'}</dd>
      </div>
      <div title="Values of rows in sight that were overtaken by newer ones of the same topic between two frames; they are in the counts">
        <dt>Window</dt>
        <dd>{coalesced > 0 ? `${grouped(coalesced)} overtaken` : 'none overtaken'}</dd>
      </div>
    </dl>
  );
}

function Place({
  name,
  about,
  dropped,
  nothing,
}: {
  name: string;
  about: string;
  dropped: readonly string[];
  nothing: string;
}) {
  return (
    <div title={about}>
      <dt>{name}</dt>
      <dd>
        {dropped.length > 0 ? (
          <StatusBadge tone="attention" icon={IconAlertTriangle}>
            {dropped.join(', ')}
          </StatusBadge>
        ) : (
          nothing
        )}
      </dd>
    </div>
  );
}
