import { Button, Group, SegmentedControl, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { type Broker, plainPathSchema } from '../../../shared/model/broker.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useAction } from '../../ui/use-action.ts';
import classes from './SaveFiles.module.css';

type Line = '2.0' | '2.1';

/** The broker's files as a tar with a script that installs them, for a broker that this console cannot reach. */
export function SaveFiles({ broker: { brokerId, name, profile }, onClose }: { broker: Broker; onClose: () => void }) {
  const { client } = useConsole();
  const [mosquitto, setMosquitto] = useState<Line>('2.0');
  const [plugin, setPlugin] = useState('');
  const [pluginError, setPluginError] = useState<string | null>(null);
  const saving = useAction();
  const save = async () => {
    const jwtPlugin = plugin.trim();
    const { error } = plainPathSchema.safeParse(jwtPlugin);
    if (jwtPlugin && error) {
      setPluginError(error.issues[0]?.message ?? null);
      return;
    }
    const isSaved = await saving.run(async () => {
      const file = await client.brokers.files({ brokerId, mosquitto, ...(jwtPlugin && { jwtPlugin }) });
      saveFile(file, file.name);
    });
    if (!isSaved) return;
    notifications.show({ message: 'Saved. Delete the file when it is installed: it holds secrets.' });
    onClose();
  };
  return (
    <Dialog onClose={onClose} title={`Save the files of ${name}`} size={620}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          <div>
            A tar for a broker that this console cannot reach: its files, a script that swaps them in as one step, and
            templates for compose and systemd.
          </div>
          <Notice tone="attention">
            <strong>Secrets are inside:</strong>{' '}
            {profile === 'voke'
              ? "the broker's private key and the password hashes. Whoever has this file can pose as the broker."
              : 'the password hashes. Whoever has this file can try passwords on them.'}
          </Notice>
          <div>
            <div className={classes.label}>Version of Mosquitto there</div>
            <SegmentedControl
              fullWidth
              aria-label="Version of Mosquitto there"
              value={mosquitto}
              onChange={(value) => setMosquitto(value === '2.1' ? '2.1' : '2.0')}
              data={[
                { value: '2.0', label: '2.0' },
                { value: '2.1', label: '2.1 or later' },
              ]}
            />
          </div>
          {profile === 'voke' && (
            <TextInput
              label="Path of the JWT plugin there"
              description="Left empty, the token listener is left out"
              placeholder="/usr/lib/mosquitto_jwt_auth.so"
              spellCheck={false}
              autoComplete="off"
              value={plugin}
              error={pluginError}
              onChange={(event) => {
                setPlugin(event.currentTarget.value);
                setPluginError(null);
              }}
            />
          )}
          {saving.failure && <FailureNotice failure={saving.failure} />}
          <Group justify="flex-end">
            <Button onClick={onClose}>Cancel</Button>
            <Button
              type="submit"
              variant="filled"
              leftSection={<IconDownload size={18} aria-hidden />}
              loading={saving.isBusy}
            >
              Save files
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
