// A deployment in the order of its safety: look at the device, see what would be written, then write it and wait for the
// plant to speak.

import { Anchor, Button, Group, Stack } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Device } from '../../../../shared/model/device.ts';
import type { Plant } from '../../../../shared/model/plant.ts';
import type { PreflightCheck } from '../../../../shared/model/preflight.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { JobSteps } from '../../../ui/JobSteps.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { DeployForm } from './DeployForm.tsx';
import { PreflightList } from './PreflightList.tsx';
import { useDeviceJob } from './use-device-job.ts';

export function DeployPanel({ plant, device }: { plant: Plant; device: Device | null }) {
  const { client, plantDetail } = useConsole();
  const { plantId } = plant;
  const credentials = useStore(plantDetail, (detail) => readyValue(detail.credentials));
  const [checks, setChecks] = useState<readonly PreflightCheck[] | null>(null);
  const checking = useAction();
  const settingClock = useAction();
  const { job, isRunning, follow, dismiss } = useDeviceJob(`deploy:${plantId}`);
  const isWaiting = (credentials ?? []).some(({ state, secretsAvailable }) => state === 'issued' && secretsAvailable);
  const missing = !device
    ? 'Store the SSH address first.'
    : !device.hostKeyFingerprint
      ? 'Confirm the host key first.'
      : null;

  const check = async () => {
    setChecks(null);
    setChecks(await client.plants.preflight({ plantId }));
  };
  const setClock = async () => {
    await client.plants.setDeviceClock({ plantId });
    await check();
  };
  return (
    <Panel title="3. Deploy">
      <Stack>
        <div>
          Writes the credential to <span className="mono">{device?.directory ?? '/etc/voke'}</span> on the device as one
          transaction: all files or none. What was there before is kept until the next deployment.
        </div>
        <div>
          No network reaches it?{' '}
          <Anchor href={href('deployments', 'offline', plantId)}>Bring it there on a stick</Anchor>.
        </div>
        {missing && <strong>{missing}</strong>}
        {!missing && !isWaiting && !job && (
          <div>
            No credential is waiting for deployment. Issue one under{' '}
            <Anchor href={href('plants', plantId, 'security')}>Security</Anchor>.
          </div>
        )}
        {checking.failure && <FailureNotice failure={checking.failure} />}
        {settingClock.failure && <FailureNotice failure={settingClock.failure} />}
        {checks && !isRunning && (
          <PreflightList
            checks={checks}
            isSettingClock={settingClock.isBusy}
            onSetClock={() => void settingClock.run(setClock)}
          />
        )}
        {device && checks && isWaiting && !isRunning && (
          <DeployForm
            plant={plant}
            device={device}
            checks={checks}
            onStarted={(jobId) => {
              setChecks(null);
              follow(jobId);
            }}
          />
        )}
        {job && <JobSteps job={job} done="Deployed" onDismiss={dismiss} />}
        {!isRunning && !missing && (
          <Group>
            <Button
              variant={checks ? 'default' : 'filled'}
              leftSection={<IconStethoscope size={20} aria-hidden />}
              loading={checking.isBusy}
              onClick={() => void checking.run(check)}
            >
              {checks ? 'Check again' : 'Check the device'}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
