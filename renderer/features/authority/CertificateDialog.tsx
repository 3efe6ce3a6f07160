import { Stack } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { CertificateDetail } from '../../../shared/model/certificate-check.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ask, type Snapshot, waiting } from '../../app/snapshot.ts';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { Fact, Facts } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { date } from '../../ui/time.ts';
import { CertificateRevocation } from './CertificateRevocation.tsx';
import { Findings } from './Findings.tsx';

/** One certificate with all that can be said of it, what the checklist finds among it. */
export function CertificateDialog({ serialNumber, onClose }: { serialNumber: string; onClose: () => void }) {
  const { client } = useConsole();
  const [detail, setDetail] = useState<Snapshot<CertificateDetail>>(waiting);
  const look = useCallback(
    async () => setDetail(await ask(() => client.authority.certificate({ serialNumber }))),
    [client, serialNumber],
  );
  useEffect(() => void look(), [look]);
  return (
    <Dialog onClose={onClose} title="Certificate" size="xl">
      <SnapshotView snapshot={detail} onRetry={() => void look()}>
        {({ certificate, issuer, certificatePem, findings, revocationIsOpen }) => (
          <Stack>
            <Facts>
              <Fact name="Subject">
                <span className="mono">{certificate.subject}</span>
              </Fact>
              <Fact name="Names">{certificate.subjectAltNames.join(', ') || 'none'}</Fact>
              <Fact name="Issued by">
                <span className="mono">{issuer}</span>
              </Fact>
              <Fact name="Valid">
                {date(certificate.notBefore)} to {date(certificate.notAfter)}
              </Fact>
              <Fact name="Key">{certificate.keyAlgorithm}</Fact>
              <Fact name="Serial number">
                <span className="mono">{certificate.serialNumber}</span>
              </Fact>
              <Fact name="SHA-256">
                <Fingerprint value={certificate.fingerprint} what="fingerprint" />
              </Fact>
              {certificate.revokedAt && (
                <Fact name="Revoked">
                  {date(certificate.revokedAt)}, {certificate.revocationReason}
                  {certificate.invalidityDate && `; its key may be known since ${date(certificate.invalidityDate)}`}
                </Fact>
              )}
              <Fact name="PEM">
                <CopyButton text={certificatePem} what="certificate in PEM" />
              </Fact>
            </Facts>
            <Findings findings={findings} label="Checklist of this certificate" />
            <CertificateRevocation certificate={certificate} revocationIsOpen={revocationIsOpen} onChanged={look} />
          </Stack>
        )}
      </SnapshotView>
    </Dialog>
  );
}
