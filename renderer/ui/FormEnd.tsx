import { Button, Group } from '@mantine/core';
import { FailureNotice } from './Notice.tsx';
import type { Action } from './use-action.ts';

/**
 * The end of a dialog's form: why the last try failed, the way out, and the button that submits. `back` is the word for the
 * way out where what was submitted is done and there is nothing to cancel.
 */
export function FormEnd({
  action,
  submit,
  back = 'Cancel',
  onCancel,
}: {
  action: Action;
  submit: string;
  back?: string;
  onCancel: () => void;
}) {
  return (
    <>
      {action.failure && <FailureNotice failure={action.failure} />}
      <Group justify="flex-end">
        <Button onClick={onCancel}>{back}</Button>
        <Button type="submit" variant="filled" loading={action.isBusy}>
          {submit}
        </Button>
      </Group>
    </>
  );
}
