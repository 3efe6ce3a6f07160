import { Button, FileButton, Group, Select, Stack } from '@mantine/core';
import { IconCertificate, IconFolderOpen } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CertificateRequestView } from '../../../../../shared/model/offline.ts';
import type { Plant } from '../../../../../shared/model/plant.ts';
import { useConsole } from '../../../../app/console-context.tsx';
import { readyValue } from '../../../../app/snapshot.ts';
import { Dialog } from '../../../../ui/Dialog.tsx';
import { FailureNotice, Notice } from '../../../../ui/Notice.tsx';
import { useAction } from '../../../../ui/use-action.ts';
import type { Exported } from '../CodesDialog.tsx';
import { DirectoryField } from '../DirectoryField.tsx';
import { directoryError, directoryInput } from '../directory.ts';
import { readStickFile } from '../read-file.ts';
import classes from './AnswerRequest.module.css';
import { GrantTable } from './GrantTable.tsx';
import { KeyCheckField } from './KeyCheckField.tsx';
import { compareKeyChecks } from './key-check.ts';
import { PlantSelect } from './PlantSelect.tsx';

type ReadRequest = { readonly text: string; readonly view: CertificateRequestView };

/** From a request on a stick to the bundle that answers it. Nothing is issued before the keys were compared. */
export function AnswerRequest({
  plants,
  suggested,
  onExported,
  onClose,
}: {
  plants: readonly Plant[];
  suggested: Plant | null;
  onExported: (exported: Exported) => void;
  onClose: () => void;
}) {
  const { client } = useConsole();
  const [plant, setPlant] = useState(suggested);
  const [request, setRequest] = useState<ReadRequest | null>(null);
  const reading = useAction();
  const resetFile = useRef<() => void>(null);
  const choosePlant = (next: Plant | null) => {
    setPlant(next);
    setRequest(null);
    reading.clear();
  };
  const read = async ({ plantId }: Plant, file: File) => {
    resetFile.current?.();
    setRequest(null);
    const text = await readStickFile(file);
    setRequest({ text, view: await client.offline.readRequest({ plantId, request: text }) });
  };
  return (
    <Dialog onClose={onClose} title="Answer a certificate request" size={920}>
      <Stack>
        <div className={classes.source}>
          <PlantSelect plants={plants} value={plant} onChange={choosePlant} />
          <FileButton
            resetRef={resetFile}
            accept=".csr,.pem,.req,.p10"
            onChange={(file) => plant && file && void reading.run(() => read(plant, file))}
            inputProps={{ 'aria-label': 'Certificate request' }}
          >
            {(props) => (
              <Button
                {...props}
                variant={request ? 'default' : 'filled'}
                leftSection={<IconFolderOpen size={20} aria-hidden />}
                disabled={plant === null}
                loading={reading.isBusy}
              >
                {request ? 'Another request…' : 'Read the request…'}
              </Button>
            )}
          </FileButton>
        </div>
        {reading.failure && <FailureNotice failure={reading.failure} />}
        {plant && request && (
          <Issue
            key={request.view.keyCheck}
            plant={plant}
            request={request}
            onExported={(exported) => {
              onExported(exported);
              onClose();
            }}
          />
        )}
      </Stack>
    </Dialog>
  );
}

/** What it will become, the comparison, and the step that cannot be taken back. */
function Issue({
  plant,
  request,
  onExported,
}: {
  plant: Plant;
  request: ReadRequest;
  onExported: (exported: Exported) => void;
}) {
  const { client, brokers } = useConsole();
  const choices = useStore(brokers, ({ list }) => readyValue(list))?.filter(({ profile }) => profile === 'voke') ?? [];
  const [keyCheck, setKeyCheck] = useState('');
  const [directory, setDirectory] = useState('');
  const [chosenBroker, setBroker] = useState<string | null>(null);
  const issuing = useAction();
  const { plantId, status, credentialWaits, name } = plant;
  const comparison = compareKeyChecks(keyCheck, request.view.keyCheck);
  const brokerId = chosenBroker ?? choices[0]?.brokerId;
  const issue = async () => {
    const exported = await client.offline.answerRequest({
      plantId,
      request: request.text,
      keyCheck,
      ...(brokerId !== undefined && { brokerId }),
      ...directoryInput(directory),
    });
    onExported(exported);
  };
  return (
    <>
      <GrantTable request={request.view} plant={plant} />
      <KeyCheckField value={keyCheck} comparison={comparison} onChange={setKeyCheck} />
      {choices.length > 1 && brokerId !== undefined && (
        <Select
          label="Broker that the plant connects to"
          value={brokerId}
          onChange={setBroker}
          data={choices.map((broker) => ({ value: broker.brokerId, label: broker.name }))}
        />
      )}
      <DirectoryField value={directory} onChange={setDirectory} />
      {status === 'ACTIVE' ? (
        <div>The certificate in force stays so until the new one has proved itself.</div>
      ) : (
        credentialWaits && (
          <Notice tone="attention">
            A credential already waits for {name}. It is withdrawn, and what was exported of it does not count any more.
          </Notice>
        )
      )}
      {issuing.failure && <FailureNotice failure={issuing.failure} />}
      <Group justify="flex-end">
        <Button
          variant="filled"
          leftSection={<IconCertificate size={20} aria-hidden />}
          disabled={comparison.result !== 'same' || directoryError(directory) !== null}
          loading={issuing.isBusy}
          onClick={() => void issuing.run(issue)}
        >
          Issue and save the answer
        </Button>
      </Group>
    </>
  );
}
