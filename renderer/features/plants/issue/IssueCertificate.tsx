import { Button, Group, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { PlantId } from '../../../../shared/model/plant.ts';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Fold } from '../../../ui/Fold.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { IssueOptions } from './IssueOptions.tsx';
import { complaintOf, inputOf, noWishes, type Wishes } from './wishes.ts';

/** Asks before a certificate is issued, with what can be wished of it. Closes when it was issued. */
export function IssueCertificate({
  plantId,
  title,
  action,
  onIssue,
  onClose,
  children,
}: {
  plantId: PlantId;
  title: string;
  action: string;
  onIssue: (wishes: ReturnType<typeof inputOf>) => Promise<unknown>;
  onClose: () => void;
  /** What there is to know before; without it, whoever comes here comes for the options. */
  children?: ReactNode;
}) {
  const [wishes, setWishes] = useState<Wishes>(noWishes);
  const [complaint, setComplaint] = useState<string>();
  const issuing = useAction();
  const submit = async () => {
    const found = complaintOf(wishes);
    setComplaint(found);
    if (!found && (await issuing.run(() => onIssue(inputOf(wishes))))) onClose();
  };
  const options = <IssueOptions plantId={plantId} wishes={wishes} onChange={setWishes} />;
  return (
    <Dialog onClose={onClose} title={title} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <Stack>
          {children ? (
            <>
              {children}
              <Fold title="More options">{options}</Fold>
            </>
          ) : (
            options
          )}
          {complaint && <Notice tone="fault">{complaint}</Notice>}
          {issuing.failure && <FailureNotice failure={issuing.failure} />}
          <Group justify="flex-end">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="filled" loading={issuing.isBusy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
