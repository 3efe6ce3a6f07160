// Images come on a stick: the core reads the file itself, where it lies on this machine, since it may have gigabytes.

import { Button, Group, Stack, TextInput } from '@mantine/core';
import { IconPackageImport } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useConsole } from '../../../app/console-context.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';

export function LoadImage({ brokerId }: { brokerId: string }) {
  const { client, brokers } = useConsole();
  const loading = useAction();
  const [path, setPath] = useState('');
  const [images, setImages] = useState<readonly string[] | null>(null);
  const load = async () => {
    setImages(null);
    setImages(await client.brokers.loadImage({ brokerId, path: path.trim() }));
    await brokers.getState().refresh();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void loading.run(load);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label="Path of the file on this machine"
          description={
            <>
              A tar file that <span className="mono">docker save</span> has written
            </>
          }
          placeholder="/media/stick/mosquitto.tar"
          spellCheck={false}
          autoComplete="off"
          value={path}
          onChange={(event) => setPath(event.currentTarget.value)}
        />
        {loading.failure && <FailureNotice failure={loading.failure} />}
        {images && (
          <Notice tone="info">
            Loaded onto the engine: <span className="mono">{images.join(', ') || 'an image without a name'}</span>
          </Notice>
        )}
        <Group justify="flex-end">
          <Button
            type="submit"
            leftSection={<IconPackageImport size={20} aria-hidden />}
            loading={loading.isBusy}
            disabled={path.trim() === ''}
          >
            Load image
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
