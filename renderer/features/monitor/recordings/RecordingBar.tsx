import { Button } from '@mantine/core';
import { IconCircleFilled, IconList, IconPlayerStopFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { amount } from '../words.ts';
import classes from './Recordings.module.css';
import { RecordingsDialog } from './RecordingsDialog.tsx';
import { StartRecording } from './StartRecording.tsx';
import { lossWords, sizeWords } from './words.ts';

/** Whether what is heard of this broker is recorded, and the way to all recordings. */
export function RecordingBar({ brokerId }: { brokerId: string }) {
  const { client, monitor, recordings } = useConsole();
  const running = useStore(recordings, (state) => state.running.recordings.find((one) => one.brokerId === brokerId));
  const isStopped = useStore(monitor, ({ connection }) => connection.state === 'stopped');
  const losses = (running && lossWords(running)) ?? [];
  const [open, setOpen] = useState<'start' | 'list' | null>(null);
  const stopping = useAction();
  const close = () => setOpen(null);
  return (
    <>
      <section className={classes.bar} aria-label="Recording">
        {running ? (
          <>
            <Button
              leftSection={<IconPlayerStopFilled size={20} aria-hidden />}
              loading={stopping.isBusy}
              onClick={() => void stopping.run(() => client.recordings.stop({ recordingId: running.recordingId }))}
            >
              Stop recording
            </Button>
            <span className={classes.state}>
              <IconCircleFilled size={14} aria-hidden className={classes.live} />
              <span>
                Recording · {amount(running.messages, 'message', 'messages')} · {sizeWords(running.bytes)}
                {' · '}
                {losses.length === 0 ? 'nothing is missing' : <strong>{losses.join(', ')}</strong>}
              </span>
            </span>
          </>
        ) : (
          <Button
            leftSection={<IconCircleFilled size={16} aria-hidden />}
            disabled={isStopped}
            onClick={() => setOpen('start')}
          >
            Record
          </Button>
        )}
        <Button leftSection={<IconList size={20} aria-hidden />} onClick={() => setOpen('list')}>
          Recordings
        </Button>
      </section>
      {stopping.failure && <FailureNotice failure={stopping.failure} />}
      {open === 'start' && <StartRecording brokerId={brokerId} onClose={close} />}
      {open === 'list' && <RecordingsDialog onClose={close} />}
    </>
  );
}
