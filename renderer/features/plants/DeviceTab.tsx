import { useStore } from 'zustand';
import type { Plant } from '../../../shared/model/plant.ts';
import { useConsole } from '../../app/console-context.tsx';
import layout from '../../ui/layout.module.css';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { DeployPanel } from './DeployPanel.tsx';
import { DeviceForm } from './DeviceForm.tsx';
import { HostKeyPanel } from './HostKeyPanel.tsx';

/** The PLC behind the plant, in the order of the work: address, host key, deployment. */
export function DeviceTab({ plant }: { plant: Plant }) {
  const { device, refresh } = useStore(useConsole().plantDetail);
  return (
    <SnapshotView snapshot={device} onRetry={() => void refresh()}>
      {(known) => (
        <div className={layout.columns}>
          <DeviceForm key={known?.updatedAt ?? 'none'} plantId={plant.plantId} device={known} />
          <div style={{ display: 'grid', gap: 18 }}>
            <HostKeyPanel plantId={plant.plantId} device={known} />
            <DeployPanel plantId={plant.plantId} device={known} />
          </div>
        </div>
      )}
    </SnapshotView>
  );
}
