import { type Icon, IconBroadcast, IconBroadcastOff, IconPlugX, IconProgress } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { MonitorConnection } from '../../../shared/model/monitor.ts';
import { useConsole } from '../../app/console-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { useListenerName } from './use-listener-name.ts';

type Words = { readonly icon: Icon; readonly title: string; readonly text: string };

/** In the place of a tree without topics: whether any are to be expected. */
export function NothingHeard() {
  const { monitor } = useConsole();
  const state = useStore(monitor, ({ connection }) => connection.state);
  const listener = useListenerName(useStore(monitor, ({ brokerId }) => brokerId));
  const { icon, title, text } = wordsOf(state, listener);
  return (
    <EmptyState icon={icon} title={title}>
      {text}
    </EmptyState>
  );
}

function wordsOf(state: MonitorConnection['state'], listener: string | null): Words {
  switch (state) {
    case 'connected':
      return {
        icon: IconBroadcast,
        title: 'Nothing heard yet',
        text:
          listener === null
            ? 'Topics appear as soon as a plant publishes.'
            : `The console listens as ${listener}, and hears only what the broker lets this plant read.`,
      };
    case 'connecting':
      return { icon: IconProgress, title: 'Connecting', text: 'Topics appear when the broker has let the console in.' };
    case 'refused':
    case 'disconnected':
      return { icon: IconPlugX, title: 'Nothing heard', text: 'The reason stands above; it is tried again by itself.' };
    case 'stopped':
      return {
        icon: IconBroadcastOff,
        title: 'Not listening',
        text: '“Connect” listens as it did the last time, at first as the console itself; plants do not notice.',
      };
  }
}
