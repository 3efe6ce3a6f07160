import { Stack } from '@mantine/core';
import { useState } from 'react';
import { plantIdSchema } from '../../../../shared/model/plant.ts';
import { useConsole } from '../../../app/console-context.tsx';
import layout from '../../../ui/layout.module.css';
import { saveFile } from '../../../ui/save-file.ts';
import { BundlesPanel } from './BundlesPanel.tsx';
import { CodesDialog, type Exported } from './CodesDialog.tsx';
import { ExportPanel } from './ExportPanel.tsx';
import { ReceiptPanel } from './ReceiptPanel.tsx';
import { RequestPanel } from './requests/RequestPanel.tsx';

/**
 * What leaves on a stick, what comes back on it, and what is still out there. `plantId` is the plant whose screen led
 * here, if any. Codes are held here, where no answer of the core takes them off the screen.
 */
export function OfflineTab({ plantId }: { plantId: string | null }) {
  const { offline } = useConsole();
  const [exported, setExported] = useState<Exported | null>(null);
  const suggested = plantIdSchema.safeParse(plantId).data ?? null;
  const receive = (done: Exported) => {
    setExported(done);
    saveFile(done.file, done.file.name);
    void offline.getState().refresh();
  };
  return (
    <>
      <div className={layout.columns}>
        <ExportPanel key={plantId} suggested={suggested} onExported={receive} />
        <Stack gap={18}>
          <ReceiptPanel />
          <RequestPanel suggested={suggested} onExported={receive} />
        </Stack>
      </div>
      <BundlesPanel />
      {exported && <CodesDialog exported={exported} onClose={() => setExported(null)} />}
    </>
  );
}
