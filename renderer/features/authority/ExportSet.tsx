// Everything that the authority stands for as one archive: for a site that runs the scripts of the mTLS document, or openssl.

import { Button, Checkbox, Group, PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { exportPasswordSchema, minExportPassword } from '../../../shared/model/credential-export.ts';
import { useConsole } from '../../app/console-context.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { useAction } from '../../ui/use-action.ts';

export function ExportSet({ onClose }: { onClose: () => void }) {
  const { authority } = useConsole();
  const { exportSet, derFile } = useStore(authority);
  const [withPrivateKeys, setWithPrivateKeys] = useState(false);
  const [withAuthorityKey, setWithAuthorityKey] = useState(false);
  const [passphrase, setPassphrase] = useState('');
  const exporting = useAction();
  const complaint = withAuthorityKey ? exportPasswordSchema.safeParse(passphrase).error?.issues[0]?.message : undefined;
  const save = async (file: Promise<File>) => {
    const content = await file;
    saveFile(content, content.name);
  };
  const submit = () =>
    exporting.run(() =>
      save(exportSet({ withPrivateKeys, ...(withAuthorityKey && { authorityPassphrase: passphrase }) })),
    );
  return (
    <Dialog onClose={onClose} title="Export the authority" size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!complaint) void submit().then((isDone) => isDone && onClose());
        }}
      >
        <Stack>
          <div>
            The archive has the folders of the mTLS document, <span className="mono">certs/ca</span>,{' '}
            <span className="mono">broker</span>, <span className="mono">devices</span> and{' '}
            <span className="mono">jwt</span>, and the register of <span className="mono">openssl ca</span>: a site that
            runs the scripts can go on with it.
          </div>
          <Checkbox
            size="md"
            label="With private keys of brokers and plants"
            description="Those of plants as far as they are still here."
            checked={withPrivateKeys}
            onChange={(event) => setWithPrivateKeys(event.currentTarget.checked)}
          />
          {withPrivateKeys && (
            <Notice tone="attention">
              They leave in the clear. Those of plants are handed over by it: the copies here are destroyed.
            </Notice>
          )}
          <Checkbox
            size="md"
            label="With the private key of the authority"
            description="Whoever has it and the passphrase can make a plant or broker that everyone trusts."
            checked={withAuthorityKey}
            onChange={(event) => setWithAuthorityKey(event.currentTarget.checked)}
          />
          {withAuthorityKey && (
            <PasswordInput
              label="Passphrase of the authority's key"
              description={`At least ${minExportPassword} characters; it is stored nowhere.`}
              value={passphrase}
              autoComplete="new-password"
              error={passphrase !== '' && complaint}
              onChange={(event) => setPassphrase(event.currentTarget.value)}
            />
          )}
          {exporting.failure && <FailureNotice failure={exporting.failure} />}
          <Group justify="space-between">
            <Group>
              <Button onClick={() => void exporting.run(() => save(derFile('ca.der')))}>ca.der</Button>
              <Button onClick={() => void exporting.run(() => save(derFile('ca-crl.der')))}>ca-crl.der</Button>
            </Group>
            <Group>
              <Button onClick={onClose}>Cancel</Button>
              <Button type="submit" variant="filled" disabled={complaint !== undefined} loading={exporting.isBusy}>
                Export everything
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
