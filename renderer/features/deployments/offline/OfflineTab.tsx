import { Stack } from '@mantine/core';
import { plantIdSchema } from '../../../../shared/model/plant.ts';
import layout from '../../../ui/layout.module.css';
import { BundlesPanel } from './BundlesPanel.tsx';
import { ExportPanel } from './ExportPanel.tsx';
import { ReceiptPanel } from './ReceiptPanel.tsx';

/** What leaves on a stick, what comes back on it, and what is still out there. `plantId`: whose screen led here, if any. */
export function OfflineTab({ plantId }: { plantId: string | null }) {
  return (
    <>
      <div className={layout.columns}>
        <ExportPanel key={plantId} suggested={plantIdSchema.safeParse(plantId).data ?? null} />
        <Stack gap={18}>
          <ReceiptPanel />
        </Stack>
      </div>
      <BundlesPanel />
    </>
  );
}
