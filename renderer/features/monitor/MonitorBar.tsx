import { Button, TextInput } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconSearch } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import classes from './LiveTopics.module.css';
import { amount, rateWords } from './words.ts';

/** Search, and a pause for reading. */
export function MonitorBar() {
  const { monitor, plants } = useConsole();
  const query = useStore(monitor, ({ look }) => look.query);
  const isPaused = useStore(monitor, ({ look }) => look.isPaused);
  const register = useStore(plants, (store) => store.register);
  const { setPaused, search } = monitor.getState();
  const searchFor = (words: string) => {
    const wanted = words.trim().toLowerCase();
    const named = wanted === '' ? [] : (readyValue(register)?.items ?? []);
    const fitting = named.filter(({ name }) => name.toLowerCase().includes(wanted));
    search(
      words,
      fitting.slice(0, 1000).map(({ plantId }) => plantId),
    );
  };
  return (
    <>
      <TextInput
        className={classes.search}
        aria-label="Search topics and plant names"
        placeholder="Topic or plant name"
        leftSection={<IconSearch size={20} aria-hidden />}
        maxLength={200}
        value={query}
        onChange={(event) => searchFor(event.currentTarget.value)}
        onKeyDown={({ key }) => key === 'Escape' && searchFor('')}
      />
      <Button
        variant={isPaused ? 'filled' : 'default'}
        aria-pressed={isPaused}
        leftSection={isPaused ? <IconPlayerPlay size={20} aria-hidden /> : <IconPlayerPause size={20} aria-hidden />}
        onClick={() => setPaused(!isPaused)}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
    </>
  );
}

/** What came in. */
export function Counts() {
  const { monitor } = useConsole();
  const { topics, messages, rate } = useStore(monitor, (state) => state.counts);
  const isPaused = useStore(monitor, ({ look }) => look.isPaused);
  return (
    <span>
      {amount(topics, 'topic', 'topics')} · {amount(messages, 'message', 'messages')} · {rateWords(rate) || '0/s'}
      {isPaused && ' · paused, the counts go on'}
    </span>
  );
}
