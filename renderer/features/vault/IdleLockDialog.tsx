import { Button, Group, Select, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useConsole } from '../../app/console-context.tsx';
import { ask, readyValue, type Snapshot, waiting } from '../../app/snapshot.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';

const choices = [5, 10, 15, 30, 60, 120, 480];
const words = (minutes: number) => (minutes === 0 ? 'Never' : `After ${minutes} minutes`);

/** After how long without use the vault locks itself. */
export function IdleLockDialog({ onClose }: { onClose: () => void }) {
  const { vault } = useConsole().client;
  const [stored, setStored] = useState<Snapshot<number>>(waiting);
  const [chosen, setChosen] = useState<number | null>(null);
  const saving = useAction();
  useEffect(() => {
    void ask(async () => (await vault.getIdleLock()).minutes).then(setStored);
  }, [vault]);
  const minutes = chosen ?? readyValue(stored);
  const save = async () => {
    if (minutes !== null && (await saving.run(() => vault.setIdleLock({ minutes })))) onClose();
  };
  const options = [...new Set([...choices, ...(minutes ? [minutes] : [])])].sort((a, b) => a - b);
  const failure = stored.status === 'failed' ? stored.failure : saving.failure;
  return (
    <Dialog onClose={onClose} title="Lock when idle">
      <Stack>
        <Select
          label="Lock the vault when the console is not used"
          disabled={minutes === null}
          value={minutes === null ? null : String(minutes)}
          onChange={(value) => value !== null && setChosen(Number(value))}
          data={[...options, 0].map((choice) => ({ value: String(choice), label: words(choice) }))}
        />
        {failure && <FailureNotice failure={failure} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" onClick={() => void save()} loading={saving.isBusy} disabled={minutes === null}>
            Save
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
