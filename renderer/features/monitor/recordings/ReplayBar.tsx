import { Button, Select, Slider } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Replay } from '../../../../shared/model/recording.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { date, timeOfDay } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import { amount } from '../words.ts';
import classes from './Recordings.module.css';
import { gapWords, nameOf } from './words.ts';

const speeds = [0.1, 0.5, 1, 2, 5, 10, 50, 100];
const speedItems = [
  ...speeds.map((speed) => ({ value: String(speed), label: `${speed}×` })),
  { value: 'null', label: 'Fastest' },
];

const stateWords: Record<Replay['state'], string> = {
  running: 'playing',
  paused: 'held',
  ended: 'at its end',
  failed: 'the file could not be read',
};

const iso = (time: number): string => new Date(time).toISOString();

/** What is played, where it is, and how fast; nothing of it comes from a plant now. */
export function ReplayBar({ replay }: { replay: Replay }) {
  const { client, recordings } = useConsole();
  const known = readyValue(useStore(recordings, (state) => state.list))?.find(
    ({ recordingId }) => recordingId === replay.recordingId,
  );
  const [sought, setSought] = useState<number | null>(null);
  const acting = useAction();
  const { replayId, from, until, position, state, speed, target, messages, badLines, skipped, isCut, gap } = replay;
  const isPlaying = state === 'running';
  const control = (wish: Omit<Parameters<typeof client.recordings.control>[0], 'replayId'>) =>
    void acting.run(() => client.recordings.control({ replayId, ...wish }));
  const end = () =>
    void acting.run(async () => {
      await client.recordings.endReplay({ replayId });
      navigate(href('live'));
    });
  return (
    <section className={classes.replay} aria-label="Replay">
      <Notice tone="attention">
        <strong>Replay{known && ` of “${nameOf(known)}”`}</strong>, {date(iso(position))} {timeOfDay(iso(position))}:{' '}
        {stateWords[state]} · {amount(messages, 'message', 'messages')}
        {target === 'practice' && ' to the practice broker'}
        {skipped > 0 && ` · ${skipped} not published`}
        {badLines > 0 && ` · ${amount(badLines, 'line', 'lines')} unreadable`}
        {isCut && ' · the file ends in the middle'}
        {gap && ` · missing at ${timeOfDay(iso(gap.from))}: ${gapWords(gap)}`}. No plant says this now.
      </Notice>
      <div className={classes.bar}>
        <Button
          leftSection={isPlaying ? <IconPlayerPause size={20} aria-hidden /> : <IconPlayerPlay size={20} aria-hidden />}
          onClick={() => control({ isPaused: isPlaying })}
        >
          {isPlaying ? 'Hold the replay' : state === 'ended' ? 'Play again' : 'Play'}
        </Button>
        <Select
          aria-label="Speed"
          className={classes.speed}
          data={speedItems}
          allowDeselect={false}
          value={String(speed)}
          onChange={(value) => value !== null && control({ speed: value === 'null' ? null : Number(value) })}
        />
        <Slider
          className={classes.slider}
          thumbLabel="Time"
          min={from}
          max={Math.max(until, from + 1)}
          label={(time) => timeOfDay(iso(time))}
          value={sought ?? position}
          onChange={setSought}
          onChangeEnd={(time) => {
            control({ seek: Math.round(time) });
            setSought(null);
          }}
        />
        <Button leftSection={<IconX size={20} aria-hidden />} onClick={end}>
          End the replay
        </Button>
      </div>
      {acting.failure && <FailureNotice failure={acting.failure} />}
    </section>
  );
}
