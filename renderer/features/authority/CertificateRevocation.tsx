import { Button, Group } from '@mantine/core';
import { IconArrowBackUp, IconBan } from '@tabler/icons-react';
import { useState } from 'react';
import type { CertificateDetail } from '../../../shared/model/certificate-check.ts';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { useAction } from '../../ui/use-action.ts';
import { RevokeCertificate } from './RevokeCertificate.tsx';

/** Revoking a certificate that has no plant, and taking that back while nobody can know of it. */
export function CertificateRevocation({
  certificate,
  revocationIsOpen,
  onChanged,
}: Pick<CertificateDetail, 'certificate' | 'revocationIsOpen'> & { onChanged: () => Promise<unknown> }) {
  const { client, authority } = useConsole();
  const [isAsking, setIsAsking] = useState(false);
  const undoing = useAction();
  const { serialNumber, subject, plantId, state } = certificate;
  const refresh = async () => {
    await Promise.all([onChanged(), authority.getState().refresh(), authority.getState().refreshCertificates()]);
  };
  const undo = async () => {
    await client.authority.takeCertificateRevocationBack({ serialNumber });
    await refresh();
  };
  if (plantId !== null) return null;
  return (
    <>
      {undoing.failure && <FailureNotice failure={undoing.failure} />}
      <Group justify="flex-end">
        {revocationIsOpen && (
          <Button
            leftSection={<IconArrowBackUp size={18} aria-hidden />}
            loading={undoing.isBusy}
            onClick={() => void undoing.run(undo)}
          >
            Take the revocation back
          </Button>
        )}
        {state !== 'revoked' && (
          <Button leftSection={<IconBan size={18} aria-hidden />} onClick={() => setIsAsking(true)}>
            Revoke
          </Button>
        )}
      </Group>
      {isAsking && (
        <RevokeCertificate
          serialNumber={serialNumber}
          subject={subject}
          revoke={async (words) => {
            await client.authority.revokeCertificate({ serialNumber, ...words });
            await refresh();
          }}
          onClose={() => setIsAsking(false)}
        />
      )}
    </>
  );
}
