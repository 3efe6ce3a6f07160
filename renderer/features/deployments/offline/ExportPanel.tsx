// Onto the stick: the credentials that wait, each encrypted to a code of its own.

import { Anchor, Button, Group, Stack } from '@mantine/core';
import { IconDeviceUsb } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { maxExportedPlants } from '../../../../shared/model/offline.ts';
import type { Plant, PlantId } from '../../../../shared/model/plant.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { useNow } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import { methodWords } from '../../plants/words.tsx';
import { PlantPicker } from '../PlantPicker.tsx';
import type { Exported } from './CodesDialog.tsx';
import { DirectoryField } from './DirectoryField.tsx';
import { directoryError, directoryInput } from './directory.ts';

type ExportProps = {
  /** The plant whose screen led here. */
  readonly suggested: PlantId | null;
  readonly onExported: (exported: Exported) => void;
};

export function ExportPanel(props: ExportProps) {
  const { register, refresh } = useStore(useConsole().plants);
  return (
    <Panel title="Onto the stick">
      <SnapshotView snapshot={register} onRetry={() => void refresh()}>
        {({ items }) => <ExportForm {...props} plants={items.filter(({ credentialWaits }) => credentialWaits)} />}
      </SnapshotView>
    </Panel>
  );
}

/** What waits for a plant that is active is its next credential, and the end that is known is that of the one in force. */
const hasEnded = ({ status, credentialExpiresAt }: Plant, now: number): boolean =>
  status !== 'ACTIVE' && credentialExpiresAt !== null && Date.parse(credentialExpiresAt) <= now;

function ExportForm({ plants, suggested, onExported }: ExportProps & { plants: readonly Plant[] }) {
  const { client } = useConsole();
  const now = useNow(60_000);
  const [picked, setPicked] = useState<readonly PlantId[]>(suggested === null ? [] : [suggested]);
  const [directory, setDirectory] = useState('');
  const exporting = useAction();
  // What was chosen may have been deployed on another way since then.
  const offered = new Set(plants.filter((plant) => !hasEnded(plant, now)).map(({ plantId }) => plantId));
  const chosen = picked.filter((plantId) => offered.has(plantId));
  const exportThem = async () => {
    onExported(await client.offline.exportBundles({ plantIds: [...chosen], ...directoryInput(directory) }));
    setPicked([]);
    setDirectory('');
  };
  if (plants.length === 0) {
    return (
      <div>
        No credential waits for a device. Issue one on the plant's Security tab: open it under{' '}
        <Anchor href={href('plants')}>Plants</Anchor>.
      </div>
    );
  }
  return (
    <Stack>
      <div>
        One file for each device, encrypted to a code that you see once. The credential stays here until its receipt is
        back, so a lost stick costs another export.
      </div>
      <PlantPicker
        label="Plants with a credential that waits"
        plants={plants}
        chosen={chosen}
        onChange={setPicked}
        isRefused={(plant) => hasEnded(plant, now)}
        remark={(plant) => (hasEnded(plant, now) ? 'has ended: issue a new one' : methodWords[plant.authMethod])}
      />
      <DirectoryField value={directory} onChange={setDirectory} />
      {exporting.failure && <FailureNotice failure={exporting.failure} />}
      {chosen.length > maxExportedPlants && (
        <strong>At most {maxExportedPlants} at once: save these in several steps.</strong>
      )}
      <Group justify="flex-end">
        <Button
          variant="filled"
          leftSection={<IconDeviceUsb size={20} aria-hidden />}
          disabled={chosen.length === 0 || chosen.length > maxExportedPlants || directoryError(directory) !== null}
          loading={exporting.isBusy}
          onClick={() => void exporting.run(exportThem)}
        >
          {chosen.length > 1 ? `Save ${chosen.length} bundles` : 'Save bundle'}
        </Button>
      </Group>
    </Stack>
  );
}
