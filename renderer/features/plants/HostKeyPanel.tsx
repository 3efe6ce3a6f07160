import { IconCircleCheck } from '@tabler/icons-react';
import type { Device } from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { HostKeyCheck } from '../ssh/HostKeyCheck.tsx';

/** Makes sure that what answers at the device's address is the device. */
export function HostKeyPanel({ plantId, device }: { plantId: PlantId; device: Device | null }) {
  const { client, plantDetail } = useConsole();
  const pinned = device?.hostKeyFingerprint ?? null;
  const confirm = async (fingerprint: string) => {
    await client.plants.confirmHostKey({ plantId, fingerprint });
    await plantDetail.getState().refresh();
  };
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
      {device ? (
        <HostKeyCheck
          pinned={pinned}
          who="The device"
          howToCompare={
            <>
              Compare it at the device itself: <span className="mono">ssh-keygen -lf</span> on its public host key, or
              its display, must say the same.
            </>
          }
          fetchKey={() => client.plants.fetchHostKey({ plantId })}
          confirmKey={confirm}
        />
      ) : (
        <span>Store the SSH address first.</span>
      )}
    </Panel>
  );
}
