import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { Broker, UnfinishedPush } from '../../../../shared/model/broker.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { ago, dateTime, useNow } from '../../../ui/time.ts';

/** How far a push came, as the mark on the broker says it. */
const stepWords: Readonly<Record<string, string>> = {
  opened: 'nothing of it is laid there yet',
  staged: 'its files lie beside the live ones',
  swapped: 'its files are in place, the broker has not read them yet',
  'in-effect': 'its files are in force, not probed to the end',
};

/** A push that was neither kept nor undone. The console ends its own; another's may still be at it. */
export function UnfinishedPushNotice({
  broker: { brokerId, name },
  push,
  onJob,
}: {
  broker: Broker;
  push: UnfinishedPush;
  onJob: (jobId: string) => void;
}) {
  const { client } = useConsole();
  const [isAsking, setAsking] = useState(false);
  const now = useNow(10_000);
  const { pushId, startedBy, startedAt, step, isOwn } = push;
  const since = `${dateTime(startedAt)} (${ago(startedAt, now)})`;
  const reached = step && (stepWords[step] ?? `it had reached “${step}”`);
  if (isOwn) {
    return (
      <Notice tone="attention">
        <strong>A push of this console was cut off.</strong> It began at {since}
        {reached && `; ${reached}`}. The console undoes it by itself as soon as it reaches the broker; “Look again”
        tries at once.
      </Notice>
    );
  }
  const undo = async () => {
    const { jobId } = await client.brokers.takeOverPush({ brokerId, pushId });
    onJob(jobId);
  };
  return (
    <>
      <Notice
        tone="attention"
        action={
          <Button leftSection={<IconArrowBackUp size={18} aria-hidden />} onClick={() => setAsking(true)}>
            Undo it
          </Button>
        }
      >
        <strong>Another console is pushing to this broker:</strong> {startedBy ?? 'somebody unknown'}, since {since}
        {reached && `; ${reached}`}. Wait for it, or undo it when you know that it is gone.
      </Notice>
      {isAsking && (
        <ConfirmDialog
          title={`Undo the push of ${startedBy ?? 'another console'}`}
          word={name}
          action="Undo the push"
          onConfirm={undo}
          onClose={() => setAsking(false)}
        >
          <div>
            Do this only when that console will never come back: one that is still at it would be interrupted in the
            middle. The files that were in force before its push are put back, and every listener is probed.
          </div>
        </ConfirmDialog>
      )}
    </>
  );
}
