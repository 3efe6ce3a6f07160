import { Anchor, Button, Group, Stack } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Device } from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { readyValue } from '../../app/snapshot.ts';
import { JobSteps } from '../../ui/JobSteps.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { JobKey } from '../jobs/store.ts';

/** Brings the issued credential onto the device, and shows every step of it. */
export function DeployPanel({ plantId, device }: { plantId: PlantId; device: Device | null }) {
  const { client, jobs, plantDetail } = useConsole();
  const key: JobKey = `deploy:${plantId}`;
  const job = useStore(jobs, (state) => state.jobs[key]);
  const credentials = useStore(plantDetail, (detail) => readyValue(detail.credentials));
  const starting = useAction();
  const isWaiting = (credentials ?? []).some(({ state, secretsAvailable }) => state === 'issued' && secretsAvailable);
  const start = async () => {
    const { jobId } = await client.plants.deploy({ plantId });
    void jobs
      .getState()
      .follow(key, jobId)
      .then(() => plantDetail.getState().refresh());
  };
  const missing = !device
    ? 'Store the SSH address first.'
    : !device.hostKeyFingerprint
      ? 'Confirm the host key first.'
      : null;
  return (
    <Panel title="3. Deploy">
      <Stack>
        <div>
          Writes the credential to <span className="mono">{device?.directory ?? '/etc/voke'}</span> on the device as one
          transaction: all files or none. What was there before is kept until the next deployment.
        </div>
        {missing && <strong>{missing}</strong>}
        {!missing && !isWaiting && !job && (
          <div>
            No credential is waiting for deployment. Issue one under{' '}
            <Anchor href={href('plants', plantId, 'security')}>Security</Anchor>.
          </div>
        )}
        {starting.failure && <FailureNotice failure={starting.failure} />}
        {job && <JobSteps job={job} done="Deployed" onDismiss={() => jobs.getState().dismiss(key)} />}
        {job?.state !== 'running' && (
          <Group>
            <Button
              variant="filled"
              leftSection={<IconUpload size={20} aria-hidden />}
              disabled={missing !== null || !isWaiting}
              loading={starting.isBusy}
              onClick={() => void starting.run(start)}
            >
              Deploy to the device
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
