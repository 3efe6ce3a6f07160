import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDeviceUsb } from '@tabler/icons-react';
import { useState } from 'react';
import {
  deviceCertificateDefaults,
  type LeafKeyAlgorithm,
  leafKeyAlgorithms,
} from '../../../../../shared/model/certificate.ts';
import type { Plant } from '../../../../../shared/model/plant.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { FailureNotice } from '../../../../ui/Notice.tsx';
import { saveFile } from '../../../../ui/save-file.ts';
import { useAction } from '../../../../ui/use-action.ts';
import { DirectoryField } from '../DirectoryField.tsx';
import { directoryError, directoryInput } from '../directory.ts';
import { PlantSelect } from './PlantSelect.tsx';

/** The script that makes a private key on the device and writes its request. It holds no secret. */
export function SaveRequestKit({
  plants,
  suggested,
  onClose,
}: {
  plants: readonly Plant[];
  suggested: Plant | null;
  onClose: () => void;
}) {
  const { client } = useConsole();
  const [plant, setPlant] = useState(suggested);
  const [keyAlgorithm, setKeyAlgorithm] = useState<LeafKeyAlgorithm>(deviceCertificateDefaults.keyAlgorithm);
  const [directory, setDirectory] = useState('');
  const saving = useAction();
  const save = async ({ plantId }: Plant) => {
    const isSaved = await saving.run(async () => {
      const file = await client.offline.requestKit({ plantId, keyAlgorithm, ...directoryInput(directory) });
      saveFile(file, file.name);
      notifications.show({ message: `Saved. On the device: sh ${file.name}` });
    });
    if (isSaved) onClose();
  };
  return (
    <Modal opened onClose={onClose} title="Save a request kit" size={680}>
      <Stack>
        <div>
          A script for the stick. It makes a private key on the device, where the key stays, writes a certificate
          request beside itself, and shows a key check: note it down there, the console asks for it.
        </div>
        <PlantSelect plants={plants} value={plant} onChange={setPlant} />
        <Select
          label="Key"
          description="Small devices make an elliptic key in a moment, and a large RSA key in minutes"
          value={keyAlgorithm}
          onChange={(value) => setKeyAlgorithm(leafKeyAlgorithms.find((known) => known === value) ?? keyAlgorithm)}
          data={[...leafKeyAlgorithms]}
        />
        <DirectoryField value={directory} onChange={setDirectory} />
        {saving.failure && <FailureNotice failure={saving.failure} />}
        <Group justify="flex-end">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="filled"
            leftSection={<IconDeviceUsb size={20} aria-hidden />}
            disabled={plant === null || directoryError(directory) !== null}
            loading={saving.isBusy}
            onClick={() => plant && void save(plant)}
          >
            Save request kit
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
