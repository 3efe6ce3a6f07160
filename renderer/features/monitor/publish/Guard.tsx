import { List } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PublishCheck } from '../../../../shared/model/publish.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Notice } from '../../../ui/Notice.tsx';

/** What publishing does, to be read before it is done; as children, what is published. */
export function Guard({
  check: { identity, consequences, warnings, livePlants, confirmation },
  action,
  onConfirm,
  onClose,
  children,
}: {
  check: PublishCheck;
  action: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
  children?: ReactNode;
}) {
  return (
    <ConfirmDialog
      title={titleOf(livePlants, confirmation !== null)}
      action={action}
      back="Do not publish"
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <List spacing="xs">
        {consequences.map((words) => (
          <List.Item key={words}>{words}</List.Item>
        ))}
      </List>
      {children}
      <div>Published as: {identity}.</div>
      {warnings.map((words) => (
        <Notice key={words} tone="attention">
          {words}
        </Notice>
      ))}
    </ConfirmDialog>
  );
}

const titleOf = (livePlants: readonly string[], isAsked: boolean): string => {
  if (livePlants.length > 0) return livePlants.length === 1 ? 'This reaches a live plant' : 'This reaches live plants';
  return isAsked ? 'This may reach a plant or the broker itself' : 'Publish this?';
};
