// What was last seen on the device, and the way back to what was there before.

import { Button, Group, Stack } from '@mantine/core';
import { IconArrowBackUp, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Device } from '../../../../shared/model/device.ts';
import type { DeviceStateView } from '../../../../shared/model/device-state.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { FileTable } from '../../../ui/FileTable.tsx';
import { Fingerprint } from '../../../ui/Fingerprint.tsx';
import { JobSteps } from '../../../ui/JobSteps.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Fact, Facts, Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { ago, useNow } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import { DeploymentSign, deploymentMeaning } from './DeploymentSign.tsx';
import { useDeviceJob } from './use-device-job.ts';

export function DeviceStatePanel({ device }: { device: Device }) {
  const { deviceState, refresh } = useStore(useConsole().plantDetail);
  return (
    <SnapshotView snapshot={deviceState} onRetry={() => void refresh()}>
      {(state) => <Seen device={device} state={state} />}
    </SnapshotView>
  );
}

function Seen({ device: { plantId, hostKeyFingerprint }, state }: { device: Device; state: DeviceStateView }) {
  const { client } = useConsole();
  const [isGoingBack, setGoingBack] = useState(false);
  const looking = useAction();
  const now = useNow(10_000);
  const scan = useDeviceJob(`scan:${plantId}`);
  const back = useDeviceJob(`rollBack:${plantId}`);
  const isBusy = scan.isRunning || back.isRunning;
  const look = async () => scan.follow((await client.devices.scan({ plantIds: [plantId] })).jobId);
  const goBack = async () => {
    // Going back to a credential that is not in force any more leaves the plant outside: the operator was told.
    const evenIfRetired = state.previousCredentialId === null;
    back.follow((await client.plants.rollBackDevice({ plantId, evenIfRetired })).jobId);
  };
  return (
    <Panel title="On the device" actions={<DeploymentSign state={state.deployment} />}>
      <Stack>
        <div>{deploymentMeaning(state.deployment)}</div>
        <Facts>
          <Fact name="Seen">{state.seenAt ? ago(state.seenAt, now) : 'never'}</Fact>
          {state.certificateFingerprint && (
            <Fact name="Certificate">
              <Fingerprint value={state.certificateFingerprint} what="fingerprint of the certificate" />
            </Fact>
          )}
          <Fact name="To go back to">{state.previousKept ? 'the files before the last deployment' : 'nothing'}</Fact>
        </Facts>
        {state.files.length > 0 && <FileTable caption="Files on the device" files={state.files} />}
        {looking.failure && <FailureNotice failure={looking.failure} />}
        {scan.job && <JobSteps job={scan.job} done="Looked at the device" onDismiss={scan.dismiss} />}
        {back.job && <JobSteps job={back.job} done="The previous files are back" onDismiss={back.dismiss} />}
        <Group>
          <Button
            leftSection={<IconRefresh size={18} aria-hidden />}
            disabled={isBusy || hostKeyFingerprint === null}
            loading={looking.isBusy}
            onClick={() => void looking.run(look)}
          >
            Look again
          </Button>
          {state.previousKept && (
            <Button
              leftSection={<IconArrowBackUp size={18} aria-hidden />}
              disabled={isBusy}
              onClick={() => setGoingBack(true)}
            >
              Put the previous files back
            </Button>
          )}
        </Group>
      </Stack>
      {isGoingBack && (
        <ConfirmDialog
          title="Put the previous files back"
          action="Put them back"
          onConfirm={goBack}
          onClose={() => setGoingBack(false)}
        >
          <div>
            {state.previousCredentialId === null
              ? 'What was there before is no credential in force: the plant cannot connect with it. What is there now is kept, so that you can come back.'
              : 'The device gets the credential back that it had before the last deployment. What is there now is kept, so that you can come back.'}
          </div>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
