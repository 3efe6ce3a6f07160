import { Button, Group, Stack } from '@mantine/core';
import { useConsole } from '../../../app/console-context.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { useAnswer } from '../use-answer.ts';
import { ChangeTable } from './ChangeTable.tsx';

/** The decisions that hang on one rule. */
export function RemovalDialog({ text, rule, onClose }: { text: string; rule: number; onClose: () => void }) {
  const { client } = useConsole();
  const removal = useAnswer(`${rule} ${text}`, () => client.policyAnalysis.removal({ rules: { text }, rule }));
  return (
    <Dialog onClose={onClose} title={`Without rule ${rule + 1}`} size={1100}>
      <Stack>
        <SnapshotView snapshot={removal} onRetry={onClose}>
          {(difference) => (
            <ChangeTable difference={difference} nothing="No decision would change without this rule." />
          )}
        </SnapshotView>
        <Group justify="flex-end">
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
