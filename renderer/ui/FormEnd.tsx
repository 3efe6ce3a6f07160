import { Button, Group } from '@mantine/core';
import { FailureNotice } from './Notice.tsx';
import type { Action } from './use-action.ts';

/** The end of a dialog's form: why the last try failed, the way out, and the button that submits. */
export function FormEnd({ action, submit, onCancel }: { action: Action; submit: string; onCancel: () => void }) {
  return (
    <>
      {action.failure && <FailureNotice failure={action.failure} />}
      <Group justify="flex-end">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="filled" loading={action.isBusy}>
          {submit}
        </Button>
      </Group>
    </>
  );
}
