import { Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { defaultRecordingBytes, maxRecordingBytes, minRecordingBytes } from '../../../../shared/model/recording.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { FormEnd } from '../../../ui/FormEnd.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { NumberField } from '../../../ui/NumberField.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { megabyte } from './words.ts';

export function StartRecording({ brokerId, onClose }: { brokerId: string; onClose: () => void }) {
  const { client } = useConsole();
  const [note, setNote] = useState('');
  const [size, setSize] = useState<number | string>(defaultRecordingBytes / megabyte);
  const starting = useAction();
  const start = async () => {
    const maxBytes = Math.round(Number(size) * megabyte);
    if (await starting.run(() => client.recordings.start({ brokerId, note, maxBytes }))) onClose();
  };
  return (
    <Dialog onClose={onClose} size="lg" title="Record what is heard">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <Stack>
          <TextInput
            label="Note"
            description="Names the recording, such as what is tried out"
            size="md"
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            data-autofocus
          />
          <NumberField
            label="Ends at, MiB"
            description="Before compression; the file is a fraction of it"
            min={minRecordingBytes / megabyte}
            max={maxRecordingBytes / megabyte}
            value={size}
            onChange={setSize}
          />
          <Notice tone="info">
            Records every message that the console hears, as it is set to listen. While it records, the console does not
            lock itself; locking it ends the recording.
          </Notice>
          <FormEnd action={starting} submit="Start recording" onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
