// Onto the stick: the credentials that wait, each encrypted to a code of its own.

import { Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { IconDeviceUsb } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { defaultDeviceDirectory, deviceDirectorySchema } from '../../../../shared/model/device.ts';
import { maxExportedPlants } from '../../../../shared/model/offline.ts';
import type { Plant, PlantId } from '../../../../shared/model/plant.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { Fold } from '../../../ui/Fold.tsx';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useNow } from '../../../ui/time.ts';
import { useAction } from '../../../ui/use-action.ts';
import { methodWords } from '../../plants/words.tsx';
import { PlantPicker } from '../PlantPicker.tsx';
import { CodesDialog, type Exported } from './CodesDialog.tsx';

/** `suggested`: the plant whose screen led here. */
export function ExportPanel({ suggested }: { suggested: PlantId | null }) {
  const { register, refresh } = useStore(useConsole().plants);
  return (
    <Panel title="Onto the stick">
      <SnapshotView snapshot={register} onRetry={() => void refresh()}>
        {({ items }) => (
          <ExportForm plants={items.filter(({ credentialWaits }) => credentialWaits)} suggested={suggested} />
        )}
      </SnapshotView>
    </Panel>
  );
}

/** What waits for a plant that is active is its next credential, and the end that is known is that of the one in force. */
const hasEnded = ({ status, credentialExpiresAt }: Plant, now: number): boolean =>
  status !== 'ACTIVE' && credentialExpiresAt !== null && Date.parse(credentialExpiresAt) <= now;

function ExportForm({ plants, suggested }: { plants: readonly Plant[]; suggested: PlantId | null }) {
  const { client, offline } = useConsole();
  const now = useNow(60_000);
  const [picked, setPicked] = useState<readonly PlantId[]>(suggested === null ? [] : [suggested]);
  const [directory, setDirectory] = useState('');
  const [exported, setExported] = useState<Exported | null>(null);
  const exporting = useAction();
  // What was chosen may have been deployed on another way since then.
  const offered = new Set(plants.filter((plant) => !hasEnded(plant, now)).map(({ plantId }) => plantId));
  const chosen = picked.filter((plantId) => offered.has(plantId));
  const wanted = directory.trim();
  const directoryError = wanted ? deviceDirectorySchema.safeParse(wanted).error?.issues[0]?.message : undefined;
  const exportThem = async () => {
    const done = await client.offline.exportBundles({
      plantIds: [...chosen],
      ...(wanted && { directory: wanted }),
    });
    saveFile(done.file, done.file.name);
    setExported(done);
    setPicked([]);
    await offline.getState().refresh();
  };
  if (plants.length === 0 && !exported) {
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
        Each credential becomes one file that installs itself with a POSIX shell, encrypted to a code that you see once.
        It stays here until its receipt is back: export again when a stick is lost.
      </div>
      <PlantPicker
        label="Plants with a credential that waits"
        plants={plants}
        chosen={chosen}
        onChange={setPicked}
        isRefused={(plant) => hasEnded(plant, now)}
        remark={(plant) => (hasEnded(plant, now) ? 'has ended: issue a new one' : methodWords[plant.authMethod])}
      />
      <Fold
        title="Directory on the devices"
        summary={wanted || 'as stored of each device'}
        isForced={Boolean(directoryError)}
      >
        <TextInput
          size="md"
          label="Install into"
          description={`Left empty: what is stored of each device, otherwise ${defaultDeviceDirectory}`}
          placeholder={defaultDeviceDirectory}
          spellCheck={false}
          autoComplete="off"
          value={directory}
          error={directoryError}
          onChange={(event) => setDirectory(event.currentTarget.value)}
        />
      </Fold>
      {exporting.failure && <FailureNotice failure={exporting.failure} />}
      {chosen.length > maxExportedPlants && (
        <strong>At most {maxExportedPlants} at once: save these in several steps.</strong>
      )}
      <Group justify="flex-end">
        <Button
          variant="filled"
          leftSection={<IconDeviceUsb size={20} aria-hidden />}
          disabled={chosen.length === 0 || chosen.length > maxExportedPlants || Boolean(directoryError)}
          loading={exporting.isBusy}
          onClick={() => void exporting.run(exportThem)}
        >
          {chosen.length > 1 ? `Save ${chosen.length} bundles` : 'Save bundle'}
        </Button>
      </Group>
      {exported && <CodesDialog exported={exported} onClose={() => setExported(null)} />}
    </Stack>
  );
}
