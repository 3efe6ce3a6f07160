import { Stack } from '@mantine/core';
import { useStore } from 'zustand';
import type { Plant } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import layout from '../../ui/layout.module.css';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { DeviceForm } from './DeviceForm.tsx';
import { DeployPanel } from './device/DeployPanel.tsx';
import { DeviceStatePanel } from './device/DeviceStatePanel.tsx';
import { HostKeyPanel } from './HostKeyPanel.tsx';

/** The PLC behind the plant, in the order of the work: address, host key, deployment; and what lies there now. */
export function DeviceTab({ plant }: { plant: Plant }) {
  const { device, refresh } = useStore(useConsole().plantDetail);
  return (
    <SnapshotView snapshot={device} onRetry={() => void refresh()}>
      {(known) => (
        <div className={layout.columns}>
          <Stack gap={18}>
            <DeviceForm key={known?.updatedAt ?? 'none'} plantId={plant.plantId} device={known} />
            <HostKeyPanel plantId={plant.plantId} device={known} />
          </Stack>
          <Stack gap={18}>
            <DeployPanel plant={plant} device={known} />
            {known && <DeviceStatePanel device={known} />}
          </Stack>
        </div>
      )}
    </SnapshotView>
  );
}
