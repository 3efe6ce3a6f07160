import { Button, Stack } from '@mantine/core';
import { IconRadar } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { JobSteps } from '../../../ui/JobSteps.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { useAction } from '../../../ui/use-action.ts';

const key = 'scan:all';

/** Reads again what lies on every device that can be reached. */
export function ScanDevices() {
  const { client, jobs, plants } = useConsole();
  const job = useStore(jobs, (store) => store.jobs[key]);
  const [isOpen, setOpen] = useState(false);
  const starting = useAction();
  const start = async () => {
    const { jobId } = await client.devices.scan({});
    void jobs
      .getState()
      .follow(key, jobId)
      .then(() => plants.getState().refresh());
  };
  const open = () => {
    setOpen(true);
    if (job?.state !== 'running') void starting.run(start);
  };
  return (
    <>
      <Button leftSection={<IconRadar size={20} aria-hidden />} loading={job?.state === 'running'} onClick={open}>
        Scan devices
      </Button>
      {isOpen && (
        <Dialog onClose={() => setOpen(false)} title="Scan of the devices" size="lg">
          <Stack>
            <div>
              Each device is asked what it holds, so that one that lost its files, or holds somebody else's, is found.
              Nothing is changed there.
            </div>
            {starting.failure && <FailureNotice failure={starting.failure} />}
            {job && <JobSteps job={job} done="Every device was asked" onDismiss={() => setOpen(false)} />}
          </Stack>
        </Dialog>
      )}
    </>
  );
}
