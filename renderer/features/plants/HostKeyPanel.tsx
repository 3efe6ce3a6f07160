import { Anchor } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Device, DeviceHostRole } from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { readyValue } from '../../app/snapshot.ts';
import { Notice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { HostKeyCheck } from '../ssh/HostKeyCheck.tsx';

/** Makes sure that what answers at the device's address is the device, and that the host on the way is that host. */
export function HostKeyPanel({ plantId, device }: { plantId: PlantId; device: Device | null }) {
  const { client, plantDetail } = useConsole();
  const pinned = device?.hostKeyFingerprint ?? null;
  const confirm = (role: DeviceHostRole) => async (fingerprint: string) => {
    await client.plants.confirmHostKey({ plantId, role, fingerprint });
    await plantDetail.getState().refresh();
  };
  const isAwaitingJump = device?.jump != null && device.jumpHostKeyFingerprint === null;
  return (
    <Panel
      title="2. Host key"
      actions={
        pinned &&
        !isAwaitingJump && (
          <StatusBadge tone="normal" icon={IconCircleCheck}>
            Confirmed
          </StatusBadge>
        )
      }
    >
      {device === null && <span>Store the SSH address first.</span>}
      {device?.jump && (
        <section aria-label="Jump host">
          <h4>Jump host {device.jump.host}</h4>
          <HostKeyCheck
            pinned={device.jumpHostKeyFingerprint}
            who="The jump host"
            howToCompare={compareAt('the jump host itself')}
            fetchKey={() => client.plants.fetchHostKey({ plantId, role: 'jump' })}
            confirmKey={confirm('jump')}
          />
        </section>
      )}
      {device && isAwaitingJump && <div>Then comes the key of the device behind it.</div>}
      {device && !isAwaitingJump && (
        <section aria-label="Device">
          {device.jump && <h4>Device {device.host}</h4>}
          <HostKeyCheck
            pinned={pinned}
            who="The device"
            howToCompare={compareAt('the device itself')}
            fetchKey={() => client.plants.fetchHostKey({ plantId })}
            confirmKey={confirm('device')}
          />
        </section>
      )}
      {device && <SharedHostKey plantIds={device.sharesHostKeyWith} />}
    </Panel>
  );
}

const compareAt = (where: string) => (
  <>
    Compare it at {where}: <span className="mono">ssh-keygen -lf</span> on its public host key, or its display, must say
    the same.
  </>
);

/** One key at two addresses is one device, or a cloned one: its key is then no proof of which it is. */
function SharedHostKey({ plantIds }: { plantIds: readonly PlantId[] }) {
  const register = useStore(useConsole().plants, ({ register }) => readyValue(register));
  if (plantIds.length === 0) return null;
  const nameOf = (plantId: PlantId) => register?.items.find((plant) => plant.plantId === plantId)?.name ?? plantId;
  return (
    <Notice tone="attention">
      <strong>Other devices show this same host key:</strong>{' '}
      {plantIds.map((plantId, index) => (
        <span key={plantId}>
          {index > 0 && ', '}
          <Anchor href={href('plants', plantId, 'device')}>{nameOf(plantId)}</Anchor>
        </span>
      ))}
      . They are one device at several addresses, or were cloned from one image: then whoever has one of them can pass
      for the others. Give each a key of its own.
    </Notice>
  );
}
