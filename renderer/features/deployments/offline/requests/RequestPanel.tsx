// A private key that never leaves its device: a kit makes it there, its request comes back, and the answer leaves.

import { Button, Group, Stack } from '@mantine/core';
import { IconCertificate, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { PlantId } from '../../../../../shared/model/plant.ts';
import { Panel } from '../../../../ui/Panel.tsx';
import type { Exported } from '../CodesDialog.tsx';
import { AnswerRequest } from './AnswerRequest.tsx';
import { useCertificatePlants } from './PlantSelect.tsx';
import { SaveRequestKit } from './SaveRequestKit.tsx';

export function RequestPanel({
  suggested,
  onExported,
}: {
  suggested: PlantId | null;
  onExported: (exported: Exported) => void;
}) {
  const plants = useCertificatePlants();
  const [dialog, setDialog] = useState<'kit' | 'answer' | null>(null);
  const close = () => setDialog(null);
  const offered = { plants, suggested: plants.find(({ plantId }) => plantId === suggested) ?? null, onClose: close };
  return (
    <Panel title="Key made on the device">
      <Stack>
        <div>
          The private key never leaves the device: a request kit makes it there, its certificate request comes back, and
          the answer leaves on the stick. For plants that prove themselves by a certificate.
        </div>
        <Group>
          <Button leftSection={<IconKey size={20} aria-hidden />} onClick={() => setDialog('kit')}>
            Request kit…
          </Button>
          <Button leftSection={<IconCertificate size={20} aria-hidden />} onClick={() => setDialog('answer')}>
            Answer a request…
          </Button>
        </Group>
      </Stack>
      {dialog === 'kit' && <SaveRequestKit {...offered} />}
      {dialog === 'answer' && <AnswerRequest {...offered} onExported={onExported} />}
    </Panel>
  );
}
