// The one time that the secrets of a credential are on the screen.
// - The dialog cannot be closed by accident: no escape, no click outside, no cross; only "I have stored it".
// - What it shows is in its owner's state and is forgotten with it; secrets are masked until asked for.

import { Button, Group, Stack } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import type { ProvisioningPackage } from '../../../shared/model/provisioning.ts';
import { secretClipboardMs } from '../../ui/clipboard.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Fact, Facts } from '../../ui/Panel.tsx';
import { SecretField } from '../../ui/SecretField.tsx';
import { saveJson } from '../../ui/save-file.ts';

export const packageFileName = (plantId: string): string => `voke-provisioning-${plantId}.json`;

export function SecretDialog({ content, onClose }: { content: ProvisioningPackage; onClose: () => void }) {
  const { connection, plantId } = content;
  return (
    <Dialog title="Provisioning package" size={680}>
      <Stack>
        <Notice tone="attention">
          <strong>These secrets are shown here once.</strong> Store the package now, or leave it: until it is deployed
          or downloaded it stays sealed in the vault. What you copy leaves the clipboard after{' '}
          {secretClipboardMs / 1000} seconds.
        </Notice>
        <Facts>
          <Fact name="Broker">
            <span className="mono">
              {connection.broker}:{connection.port}
            </span>
          </Fact>
          <Fact name="Client id">
            <span className="mono">{connection.clientId}</span>
          </Fact>
          {content.authMethod !== 'MTLS' && (
            <Fact name="Username">
              <span className="mono">{content.auth.username}</span>
            </Fact>
          )}
        </Facts>
        <SecretsOf content={content} />
        <SecretField name="HMAC secret" secret={content.hmacSecret} />
        <Group justify="space-between">
          <Button
            leftSection={<IconDeviceFloppy size={20} aria-hidden />}
            onClick={() => saveJson(content, packageFileName(plantId))}
          >
            Save as JSON file
          </Button>
          <Button variant="filled" onClick={onClose}>
            I have stored it
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function SecretsOf({ content }: { content: ProvisioningPackage }) {
  switch (content.authMethod) {
    case 'PASSWORD':
      return <SecretField name="Password" secret={content.auth.password} />;
    case 'TOKEN':
      return <SecretField name="Token" secret={content.auth.token} />;
    case 'MTLS':
      return 'deviceKeyPem' in content.auth ? (
        <SecretField name="Private key" secret={content.auth.deviceKeyPem} />
      ) : null;
  }
}
