import { Button, Group, Select, Stack } from '@mantine/core';
import { IconDeviceUsb } from '@tabler/icons-react';
import { useState } from 'react';
import {
  deviceCertificateDefaults,
  type LeafKeyAlgorithm,
  leafKeyAlgorithms,
} from '../../../../../shared/model/certificate.ts';
import type { Plant } from '../../../../../shared/model/plant.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { FailureNotice } from '../../../../ui/Notice.tsx';
import { saveFile } from '../../../../ui/save-file.ts';
import { useAction } from '../../../../ui/use-action.ts';
import { DirectoryField } from '../DirectoryField.tsx';
import { directoryError, directoryInput } from '../directory.ts';
import { PlantSelect } from './PlantSelect.tsx';

type KitProps = {
  readonly plants: readonly Plant[];
  readonly suggested: Plant | null;
  readonly onClose: () => void;
};

/** The script that makes a private key on the device and writes its request. It holds no secret. */
export function SaveRequestKit(props: KitProps) {
  const [savedAs, setSavedAs] = useState<string | null>(null);
  return (
    <Dialog
      onClose={props.onClose}
      title={savedAs === null ? 'Save a request kit' : 'The request kit is saved'}
      size={680}
    >
      {savedAs === null ? (
        <KitForm {...props} onSaved={setSavedAs} />
      ) : (
        <NextSteps fileName={savedAs} onClose={props.onClose} />
      )}
    </Dialog>
  );
}

function KitForm({ plants, suggested, onClose, onSaved }: KitProps & { onSaved: (fileName: string) => void }) {
  const { client } = useConsole();
  const [plant, setPlant] = useState(suggested);
  const [keyAlgorithm, setKeyAlgorithm] = useState<LeafKeyAlgorithm>(deviceCertificateDefaults.keyAlgorithm);
  const [directory, setDirectory] = useState('');
  const saving = useAction();
  const save = async ({ plantId }: Plant) => {
    const file = await client.offline.requestKit({ plantId, keyAlgorithm, ...directoryInput(directory) });
    saveFile(file, file.name);
    onSaved(file.name);
  };
  return (
    <Stack>
      <div>
        A script for the stick. It makes a private key on the device, where the key stays, and writes a certificate
        request beside itself.
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
          onClick={() => plant && void saving.run(() => save(plant))}
        >
          Save request kit
        </Button>
      </Group>
    </Stack>
  );
}

/** What is to be done where no console is at hand. */
function NextSteps({ fileName, onClose }: { fileName: string; onClose: () => void }) {
  return (
    <Stack>
      <ol>
        <li>
          Put <span className="mono">{fileName}</span> on the stick.
        </li>
        <li>
          Run it on the device: <span className="mono">sh {fileName}</span>
        </li>
        <li>
          Note down the <strong>key check</strong> that it shows there. You type it here later: it proves that the
          request comes from this device.
        </li>
        <li>
          Bring <span className="mono">{fileName.replace(/\.sh$/, '.csr')}</span> back on the stick, and press “Answer a
          request”.
        </li>
      </ol>
      <Group justify="flex-end">
        <Button variant="filled" onClick={onClose}>
          Done
        </Button>
      </Group>
    </Stack>
  );
}
