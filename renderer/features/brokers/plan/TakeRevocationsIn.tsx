import { Button } from '@mantine/core';
import { IconDatabaseImport } from '@tabler/icons-react';
import { useConsole } from '../../../app/console-context.tsx';
import type { Failure } from '../../../failure.ts';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';

/** The broker's CRL knows more than this vault: what can be done about it, in place of a plan. */
export function TakeRevocationsIn({
  brokerId,
  failure,
  onTaken,
}: {
  brokerId: string;
  failure: Failure;
  onTaken: () => void;
}) {
  const { client } = useConsole();
  const taking = useAction();
  const take = async () => {
    await client.brokers.takeRevocationsIn({ brokerId });
    onTaken();
  };
  return (
    <>
      <FailureNotice failure={failure} />
      {taking.failure && <FailureNotice failure={taking.failure} />}
      <Notice
        tone="info"
        action={
          <Button
            leftSection={<IconDatabaseImport size={18} aria-hidden />}
            loading={taking.isBusy}
            onClick={() => void taking.run(take)}
          >
            Take its revocations in
          </Button>
        }
      >
        Whoever the broker refuses is revoked here as well, and the next CRL is numbered beyond the broker’s. Nothing is
        pushed yet.
      </Notice>
    </>
  );
}
