import { Button } from '@mantine/core';
import { IconListTree, IconPlayerPlay, IconPlayerStop, IconTestPipe } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { PracticePlant } from '../../../shared/model/practice.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { JobSteps } from '../../ui/JobSteps.tsx';
import layout from '../../ui/layout.module.css';
import { FailureNotice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { useAction } from '../../ui/use-action.ts';
import { PracticeDevices } from './PracticeDevices.tsx';

/** The built-in broker and devices, to try everything without hardware. */
export function PracticeScreen() {
  const { practice, refresh } = useStore(useConsole().practice);
  return (
    <div className={layout.screen}>
      <SnapshotView snapshot={practice} onRetry={() => void refresh()}>
        {(known) => <Practice practice={known} />}
      </SnapshotView>
    </div>
  );
}

function Practice({ practice: { running, brokerId, devices } }: { practice: PracticePlant }) {
  const { client, jobs, practice } = useConsole();
  const job = useStore(jobs, (state) => state.jobs.practice);
  const { stop, refresh } = useStore(practice);
  const [isStopping, setStopping] = useState(false);
  const starting = useAction();
  const start = async () => {
    const { jobId } = await client.practice.start();
    void jobs.getState().follow('practice', jobId).then(refresh);
  };
  const isBusy = starting.isBusy || job?.state === 'running';
  const startButton = (
    <Button
      variant="filled"
      leftSection={<IconPlayerPlay size={20} aria-hidden />}
      loading={isBusy}
      onClick={() => void starting.run(start)}
    >
      Start the practice plant
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Practice plant"
        about="A broker and three controllers inside this console: everything you do with a real plant works here, and nothing leaves this machine. Its plants are entered in your register like any other, so use a vault of its own for practice if you do not want them there."
      >
        {running && brokerId && (
          <Button component="a" href={href('live', brokerId)} leftSection={<IconListTree size={20} aria-hidden />}>
            Live topics
          </Button>
        )}
        {running && (
          <Button leftSection={<IconPlayerStop size={20} aria-hidden />} onClick={() => setStopping(true)}>
            Stop
          </Button>
        )}
      </PageHeader>
      {starting.failure && <FailureNotice failure={starting.failure} />}
      {job && (
        <JobSteps
          job={job}
          done="The practice plant is running"
          onDismiss={() => jobs.getState().dismiss('practice')}
        />
      )}
      {devices.length > 0 && <PracticeDevices devices={devices} />}
      {!running && !isBusy && (
        <EmptyState
          icon={IconTestPipe}
          title={devices.length > 0 ? 'The practice plant is stopped' : 'The practice plant is not running'}
          action={startButton}
        >
          One click makes an authority if there is none, starts a broker and three controllers (certificate, password,
          token), provisions and deploys them, and lets them publish.
        </EmptyState>
      )}
      {isStopping && (
        <ConfirmDialog
          title="Stop the practice plant"
          action="Stop"
          onConfirm={stop}
          onClose={() => setStopping(false)}
        >
          <div>Its broker and controllers stop. Its plants stay in the register.</div>
        </ConfirmDialog>
      )}
    </>
  );
}
