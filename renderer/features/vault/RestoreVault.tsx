import { Button, FileInput, Group, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Gate } from './Gate.tsx';

/** A backup takes the place of the vault; the passphrase is the one that the backup was made under. */
export function RestoreVault({ onCancel }: { onCancel: () => void }) {
  const restore = useStore(useConsole().vault, (vault) => vault.restore);
  const restoring = useAction();
  const form = useForm<{ backup: File | null; passphrase: string }>({
    initialValues: { backup: null, passphrase: '' },
    validate: {
      backup: (file) => (file ? null : 'Choose the backup file.'),
      passphrase: (value) => (value ? null : 'Enter the passphrase of the backup.'),
    },
  });
  const submit = form.onSubmit(({ backup, passphrase }) => {
    if (backup) void restoring.run(() => restore(passphrase, backup));
  });
  return (
    <Gate
      title="Restore a backup"
      about="The backup takes the place of the vault in this folder. When it cannot be read, the vault stays as it is."
    >
      <form onSubmit={submit}>
        <Stack>
          <FileInput size="md" label="Backup file" placeholder="Choose a file" {...form.getInputProps('backup')} />
          <PasswordInput
            label="Passphrase of the backup"
            autoComplete="current-password"
            {...form.getInputProps('passphrase')}
          />
          {restoring.failure && <FailureNotice failure={restoring.failure} />}
          <Group grow>
            <Button onClick={onCancel}>Cancel</Button>
            <Button type="submit" variant="filled" loading={restoring.isBusy}>
              Restore
            </Button>
          </Group>
        </Stack>
      </form>
    </Gate>
  );
}
