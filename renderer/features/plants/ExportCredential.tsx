// The certificate of a plant as files, for what the console does not deploy to itself: HMIs, gateways, other tools.

import { Button, Group, PasswordInput, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import {
  type CredentialExportFormat,
  credentialExportFormats,
  exportPasswordSchema,
  minExportPassword,
  needsExportPassword,
} from '../../../shared/model/credential-export.ts';
import type { Plant } from '../../../shared/model/plant.ts';
import type { Credential } from '../../../shared/model/provisioning.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useAction } from '../../ui/use-action.ts';

const formatWords: Record<CredentialExportFormat, { readonly label: string; readonly description: string }> = {
  pem: {
    label: 'PEM set (.tar)',
    description: 'device.crt, device.key, ca.crt and chain.pem, as the mTLS document has them',
  },
  certificate: { label: 'Certificate (.crt, PEM)', description: 'Public' },
  der: { label: 'Certificate (.der)', description: 'Public, binary: what Windows and many controllers read' },
  chain: { label: 'Chain (.pem)', description: 'Public: the certificate and the authority that issued it' },
  pkcs12: { label: 'PKCS#12 (.p12), AES-256', description: 'Key, certificate and authority under a password' },
  'pkcs12-compatible': {
    label: 'PKCS#12 (.p12), triple DES',
    description:
      'The same for old HMIs and Windows before 10. Its encryption is weak: keep the file as if it had none.',
  },
};

export function ExportCredential({
  plant: { plantId },
  newest,
  onClose,
}: {
  plant: Plant;
  newest: Credential;
  onClose: () => void;
}) {
  const { client, plantDetail } = useConsole();
  const [format, setFormat] = useState<CredentialExportFormat>('pem');
  const [password, setPassword] = useState('');
  const exporting = useAction();
  const hasKey = newest.secretsAvailable;
  const needsPassword = needsExportPassword(format);
  const complaint = needsPassword ? exportPasswordSchema.safeParse(password).error?.issues[0]?.message : undefined;
  const save = async () => {
    const file = await client.plants.exportCredential({ plantId, format, ...(needsPassword && { password }) });
    saveFile(file, file.name);
    await plantDetail.getState().refresh();
  };
  return (
    <Dialog onClose={onClose} title="Export the certificate" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!complaint) void exporting.run(save).then((isDone) => isDone && onClose());
        }}
      >
        <Stack>
          {!hasKey && (
            <Notice tone="info">
              The private key is not here: it was handed over, or made on the device. Only what is public is exported.
            </Notice>
          )}
          <Radio.Group
            label="As"
            size="md"
            value={format}
            onChange={(value) => setFormat(credentialExportFormats.find((known) => known === value) ?? format)}
          >
            <Stack gap={10} mt={6}>
              {credentialExportFormats.map((known) => (
                <Radio
                  key={known}
                  value={known}
                  size="md"
                  disabled={!hasKey && needsExportPassword(known)}
                  label={formatWords[known].label}
                  description={formatWords[known].description}
                />
              ))}
            </Stack>
          </Radio.Group>
          {needsPassword && (
            <PasswordInput
              label="Password of the file"
              description={`At least ${minExportPassword} characters; whoever opens the file needs it, and it is stored nowhere.`}
              value={password}
              autoComplete="new-password"
              error={password !== '' && complaint}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {format === 'pem' && hasKey && (
            <Notice tone="attention">
              The private key leaves in the clear, so it is handed over by this: the copy here is destroyed.
            </Notice>
          )}
          {exporting.failure && <FailureNotice failure={exporting.failure} />}
          <Group justify="flex-end">
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="filled" disabled={complaint !== undefined} loading={exporting.isBusy}>
              Export
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
