import { List } from '@mantine/core';
import type { PublishCheck } from '../../../../shared/model/publish.ts';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Notice } from '../../../ui/Notice.tsx';

/** What publishing does, to be read before it is done. */
export function Guard({
  check: { identity, consequences, warnings, confirmation },
  action,
  onConfirm,
  onClose,
}: {
  check: PublishCheck;
  action: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}) {
  return (
    <ConfirmDialog
      title={confirmation === null ? 'Publish this?' : 'This reaches a live plant'}
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
      <div>Published as: {identity}.</div>
      {warnings.map((words) => (
        <Notice key={words} tone="attention">
          {words}
        </Notice>
      ))}
    </ConfirmDialog>
  );
}
