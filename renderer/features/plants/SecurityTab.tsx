// Issuing and retiring credentials. A provisioning package lives in this component's state while its dialog is open,
// and nowhere else in the window.

import { Button, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import {
  IconAdjustments,
  IconBan,
  IconCircleCheck,
  IconDownload,
  IconFileExport,
  IconKey,
  IconRefresh,
  IconTicket,
} from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useStore } from 'zustand';
import type { Plant } from '../../../shared/model/plant.ts';
import type { Credential, ProvisioningPackage } from '../../../shared/model/provisioning.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { saveJson } from '../../ui/save-file.ts';
import { useAction } from '../../ui/use-action.ts';
import { CredentialList } from './CredentialList.tsx';
import { ExportCredential } from './ExportCredential.tsx';
import { IssueToken } from './IssueToken.tsx';
import { IssueCertificate } from './issue/IssueCertificate.tsx';
import type { inputOf } from './issue/wishes.ts';
import { AfterRevocation } from './PresencePanel.tsx';
import { RevokePlant } from './RevokePlant.tsx';
import { packageFileName, SecretDialog } from './SecretDialog.tsx';
import { TakeRevocationBack } from './TakeRevocationBack.tsx';

type IssueWishes = ReturnType<typeof inputOf>;
type Dialog = 'provision' | 'options' | 'rotate' | 'download' | 'activate' | 'token' | 'revoke' | 'export';

export function SecurityTab({ plant }: { plant: Plant }) {
  const { credentials, refresh } = useStore(useConsole().plantDetail);
  return (
    <SnapshotView snapshot={credentials} onRetry={() => void refresh()}>
      {(list) => <Security plant={plant} credentials={list} />}
    </SnapshotView>
  );
}

function Security({ plant, credentials }: { plant: Plant; credentials: readonly Credential[] }) {
  const { client, plantDetail } = useConsole();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [shown, setShown] = useState<ProvisioningPackage | null>(null);
  const issuing = useAction();
  const { plantId, status, authMethod } = plant;
  const close = () => setDialog(null);
  const refresh = () => plantDetail.getState().refresh();

  const issued = credentials.find(({ state }) => state === 'issued');
  const newest = credentials.find(({ state }) => state !== 'superseded' && state !== 'revoked');
  const inForce = newest !== undefined;
  const awaitsProof = credentials.some(({ state }) => state === 'issued' || state === 'deployed');
  const isDownloadable = credentials.some(({ secretsAvailable, state }) => secretsAvailable && state !== 'revoked');

  const provision = async (wishes: IssueWishes = {}) => {
    setShown(await client.plants.provision({ plantId, ...wishes }));
    void refresh();
  };
  const rotate = async (wishes: IssueWishes = {}) => {
    setShown(await client.plants.rotate({ plantId, ...wishes }));
    void refresh();
  };
  const download = async () => {
    const { body } = await client.plants.download({ plantId });
    saveJson(body, packageFileName(plantId));
    notifications.show({ message: 'Saved. The secrets are handed over and no longer kept here.' });
    await refresh();
  };
  const activate = async () => {
    await client.plants.activate({ plantId });
    await refresh();
  };

  return (
    <Panel
      title="Credentials"
      actions={
        <>
          {status !== 'ACTIVE' && !issued && (
            <Button
              variant="filled"
              leftSection={<IconKey size={18} aria-hidden />}
              loading={issuing.isBusy}
              onClick={() => void issuing.run(() => provision())}
            >
              Provision
            </Button>
          )}
          {status !== 'ACTIVE' && !issued && authMethod === 'MTLS' && (
            <Button leftSection={<IconAdjustments size={18} aria-hidden />} onClick={() => setDialog('options')}>
              More options…
            </Button>
          )}
          {status !== 'ACTIVE' && issued && (
            <Button leftSection={<IconKey size={18} aria-hidden />} onClick={() => setDialog('provision')}>
              Provision again
            </Button>
          )}
          {status === 'ACTIVE' && (
            <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => setDialog('rotate')}>
              Rotate
            </Button>
          )}
          {authMethod === 'TOKEN' && status !== 'REVOKED' && inForce && (
            <Button leftSection={<IconTicket size={18} aria-hidden />} onClick={() => setDialog('token')}>
              Issue token
            </Button>
          )}
          {isDownloadable && (
            <Button leftSection={<IconDownload size={18} aria-hidden />} onClick={() => setDialog('download')}>
              Download once
            </Button>
          )}
          {authMethod === 'MTLS' && newest && (
            <Button leftSection={<IconFileExport size={18} aria-hidden />} onClick={() => setDialog('export')}>
              Export…
            </Button>
          )}
          {awaitsProof && (
            <Button leftSection={<IconCircleCheck size={18} aria-hidden />} onClick={() => setDialog('activate')}>
              Mark as active
            </Button>
          )}
          {inForce && (
            <Button
              variant="outline"
              color="red"
              leftSection={<IconBan size={18} aria-hidden />}
              onClick={() => setDialog('revoke')}
            >
              Revoke
            </Button>
          )}
        </>
      }
    >
      <Stack gap={16}>
        {plant.revokedAt && <AfterRevocation />}
        {plant.revocationIsOpen && <TakeRevocationBack plant={plant} />}
        {issuing.failure && <FailureNotice failure={issuing.failure} />}
        <CredentialList credentials={credentials} />
      </Stack>
      {dialog === 'options' && (
        <IssueCertificate
          plantId={plantId}
          title="Provision with a certificate"
          action="Provision"
          onIssue={provision}
          onClose={close}
        />
      )}
      {dialog === 'provision' && (
        <Issue plant={plant} title="Provision again" action="Provision again" onIssue={provision} onClose={close}>
          <div>
            The credential that was issued and not deployed yet becomes void, wherever its package was stored. A new one
            is issued.
          </div>
        </Issue>
      )}
      {dialog === 'rotate' && (
        <Issue plant={plant} title="Rotate the credential" action="Issue the next one" onIssue={rotate} onClose={close}>
          <div>
            The next credential is issued beside the live one. The plant keeps running; the old credential is retired
            when the new one was deployed and let in.
          </div>
        </Issue>
      )}
      {dialog === 'download' && (
        <ConfirmDialog title="Hand the package over" action="Download" onConfirm={download} onClose={close}>
          <div>
            The provisioning package is saved as a file, once. Its secrets are then destroyed here, so that “Deploy” no
            longer works with this credential.
          </div>
        </ConfirmDialog>
      )}
      {dialog === 'activate' && (
        <ConfirmDialog title="Mark as active" action="Mark as active" onConfirm={activate} onClose={close}>
          <div>
            Do this when you saw the plant working with its newest credential; an older one is retired then. It happens
            by itself when the console sees the first session of a new plant.
          </div>
        </ConfirmDialog>
      )}
      {dialog === 'export' && newest && <ExportCredential plant={plant} newest={newest} onClose={close} />}
      {dialog === 'revoke' && <RevokePlant plant={plant} onClose={close} />}
      {dialog === 'token' && <IssueToken plant={plant} onClose={close} />}
      {shown && <SecretDialog content={shown} onClose={() => setShown(null)} />}
    </Panel>
  );
}

/** Asks before a credential is issued; of a certificate there is more to wish. */
function Issue({
  plant: { plantId, authMethod },
  onIssue,
  ...dialog
}: {
  plant: Plant;
  title: string;
  action: string;
  onIssue: (wishes?: IssueWishes) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  return authMethod === 'MTLS' ? (
    <IssueCertificate plantId={plantId} onIssue={onIssue} {...dialog} />
  ) : (
    <ConfirmDialog onConfirm={() => onIssue()} {...dialog} />
  );
}
