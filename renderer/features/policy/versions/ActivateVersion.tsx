import { Button, Group, Stack } from '@mantine/core';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { ChangeTable } from '../changes/ChangeTable.tsx';
import { emptyRules } from '../starting-rules.ts';
import { useAnswer } from '../use-answer.ts';

/** Shows what changes for whom before it does. */
export function ActivateVersion({ version, onClose }: { version: number; onClose: () => void }) {
  const { client, policy } = useConsole();
  const { versions, activate } = useStore(policy);
  const activating = useAction();
  const active = readyValue(versions)?.find(({ isActive }) => isActive)?.version;
  const difference = useAnswer(`${active} ${version}`, () =>
    client.policyAnalysis.difference({
      before: active === undefined ? { text: emptyRules } : { version: active },
      after: { version },
    }),
  );
  const confirm = async () => {
    if (await activating.run(() => activate(version))) onClose();
  };
  return (
    <Dialog onClose={onClose} title={`Put version ${version} in force`} size={1100}>
      <Stack>
        <div>
          {active === undefined
            ? 'No rules are in force yet: so far everybody is denied.'
            : `It takes the place of version ${active}, at once: at the policy service and at the practice broker.`}
        </div>
        <SnapshotView snapshot={difference} onRetry={onClose}>
          {(value) => <ChangeTable difference={value} nothing="Every decision stays as it is." />}
        </SnapshotView>
        {activating.failure && <FailureNotice failure={activating.failure} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="filled" loading={activating.isBusy} onClick={() => void confirm()}>
            Put in force
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
