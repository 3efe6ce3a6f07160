import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialog } from './Dialog.tsx';
import { FailureNotice } from './Notice.tsx';
import { useAction } from './use-action.ts';

/**
 * Asks before something is done. With `word` the operator types it first: for what cannot be undone.
 * Closes when `onConfirm` succeeded, and shows its failure otherwise. `back` is the word for not doing it, where “Cancel”
 * could be mistaken for the action.
 */
export function ConfirmDialog({
  title,
  word,
  action,
  back = 'Cancel',
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  word?: string;
  action: string;
  back?: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  const [typed, setTyped] = useState('');
  const confirming = useAction();
  const isConfirmed = word === undefined || typed.trim() === word;
  const submit = async () => {
    if (isConfirmed && (await confirming.run(onConfirm))) onClose();
  };
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          {children}
          {word !== undefined && (
            <TextInput
              label={`Type “${word}” to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          {confirming.failure && <FailureNotice failure={confirming.failure} />}
          <Group justify="flex-end">
            <Button onClick={onClose}>{back}</Button>
            <Button
              type="submit"
              variant="filled"
              {...(word !== undefined && { color: 'red' })}
              disabled={!isConfirmed}
              loading={confirming.isBusy}
            >
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
