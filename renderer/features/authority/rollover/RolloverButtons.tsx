import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import type { RolloverAuthority } from '../../../../shared/model/rollover.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';

/** Begins a job that the panel shows step by step; what it changed is asked for when it has ended. */
export function JobButton({ begin, children }: { begin: () => Promise<string>; children: ReactNode }) {
  const { rollover, jobs } = useConsole();
  const isRunning = useStore(jobs, (store) => store.jobs.rollover?.state === 'running');
  const beginning = useAction();
  const start = async () => {
    const jobId = await begin();
    void jobs.getState().follow('rollover', jobId).then(rollover.getState().refreshRollover);
  };
  return (
    <>
      {beginning.failure && <FailureNotice failure={beginning.failure} />}
      <Button variant="filled" loading={beginning.isBusy || isRunning} onClick={() => void beginning.run(start)}>
        {children}
      </Button>
    </>
  );
}

/** Only before the next authority has issued anything. */
export function GiveUp({ authority }: { authority: RolloverAuthority | undefined }) {
  const { rollover } = useConsole();
  const [isAsking, setAsking] = useState(false);
  if (!authority) return null;
  return (
    <>
      <Button onClick={() => setAsking(true)}>Give the new one up</Button>
      {isAsking && (
        <ConfirmDialog
          title="Give the next authority up"
          action="Give it up"
          onConfirm={() => rollover.getState().retire(authority.authorityId, false)}
          onClose={() => setAsking(false)}
        >
          <div>It has issued nothing to anybody. With the next push brokers trust the present one only, as before.</div>
        </ConfirmDialog>
      )}
    </>
  );
}
