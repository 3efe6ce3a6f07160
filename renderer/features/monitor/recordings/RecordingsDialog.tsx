import { Button, FileButton, Group, Stack } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { RecordingItem } from './RecordingItem.tsx';
import classes from './Recordings.module.css';

/** All recordings, whichever broker they are of. */
export function RecordingsDialog({ onClose }: { onClose: () => void }) {
  const { client, recordings } = useConsole();
  const { list, refresh } = useStore(recordings);
  const importing = useAction();
  useEffect(() => void refresh(), [refresh]);
  return (
    <Dialog onClose={onClose} size={920} title="Recordings">
      <Stack>
        <Group justify="flex-end">
          <FileButton
            accept=".gz,application/gzip"
            onChange={(file) => file && void importing.run(() => client.recordings.import({ file }))}
          >
            {(props) => (
              <Button {...props} leftSection={<IconFileImport size={20} aria-hidden />} loading={importing.isBusy}>
                Import a recording
              </Button>
            )}
          </FileButton>
        </Group>
        {importing.failure && <FailureNotice failure={importing.failure} />}
        <SnapshotView snapshot={list} onRetry={() => void refresh()}>
          {(items) =>
            items.length === 0 ? (
              <p>Nothing was recorded yet.</p>
            ) : (
              <ul className={classes.list} aria-label="Recordings">
                {items.map((recording) => (
                  <RecordingItem key={recording.recordingId} recording={recording} onClose={onClose} />
                ))}
              </ul>
            )
          }
        </SnapshotView>
      </Stack>
    </Dialog>
  );
}
