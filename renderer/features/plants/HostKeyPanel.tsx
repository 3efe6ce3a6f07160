// Pinning a device in two phases: first what it shows now, with nothing sent to it; then the operator's comparison.

import { Button, Group, Stack } from '@mantine/core';
import { IconCircleCheck, IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import type { Device, HostKey } from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { useAction } from '../../ui/use-action.ts';

export function HostKeyPanel({ plantId, device }: { plantId: PlantId; device: Device | null }) {
  const { client, plantDetail } = useConsole();
  const [fetched, setFetched] = useState<HostKey | null>(null);
  const fetching = useAction();
  const confirming = useAction();
  const pinned = device?.hostKeyFingerprint ?? null;
  const fetchKey = async () => {
    setFetched(null);
    setFetched(await client.plants.fetchHostKey({ plantId }));
  };
  const confirm = async (fingerprint: string) => {
    await client.plants.confirmHostKey({ plantId, fingerprint });
    setFetched(null);
    await plantDetail.getState().refresh();
  };
  const isChanged = fetched !== null && pinned !== null && fetched.fingerprint !== pinned;
  return (
    <Panel
      title="2. Host key"
      actions={
        pinned && (
          <StatusBadge tone="normal" icon={IconCircleCheck}>
            Confirmed
          </StatusBadge>
        )
      }
    >
      <Stack>
        {!device && <span>Store the SSH address first.</span>}
        {pinned && <Fingerprint value={pinned} prefix="SHA256:" what="confirmed host key" />}
        {fetched && !isChanged && fetched.fingerprint === pinned && (
          <Notice tone="info">The device shows this same key now.</Notice>
        )}
        {isChanged && (
          <Notice tone="fault">
            <strong>The device shows another key than the one confirmed.</strong> It may have been replaced or newly
            installed, or something else answers at its address. Find out which before you confirm.
          </Notice>
        )}
        {fetched && fetched.fingerprint !== pinned && (
          <>
            <div>
              The device shows this <strong>{fetched.algorithm}</strong> key now. Compare it at the device itself:{' '}
              <span className="mono">ssh-keygen -lf</span> on its public host key, or its display, must say the same.
            </div>
            <Fingerprint value={fetched.fingerprint} prefix="SHA256:" what="host key" />
            <Group justify="flex-end">
              <Button onClick={() => setFetched(null)}>It differs</Button>
              <Button
                variant="filled"
                loading={confirming.isBusy}
                onClick={() => void confirming.run(() => confirm(fetched.fingerprint))}
              >
                It is the same: confirm
              </Button>
            </Group>
          </>
        )}
        {fetching.failure && <FailureNotice failure={fetching.failure} />}
        {confirming.failure && <FailureNotice failure={confirming.failure} />}
        {device && !fetched && (
          <Group>
            <Button
              variant={pinned ? 'default' : 'filled'}
              leftSection={<IconFingerprint size={20} aria-hidden />}
              loading={fetching.isBusy}
              onClick={() => void fetching.run(fetchKey)}
            >
              {pinned ? 'Look again' : 'Fetch the host key'}
            </Button>
          </Group>
        )}
      </Stack>
    </Panel>
  );
}
