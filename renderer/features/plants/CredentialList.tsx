import { IconKeyOff } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import type { Certificate } from '../../../shared/model/certificate.ts';
import { hasNoEnd } from '../../../shared/model/leaf-validity.ts';
import type { Credential } from '../../../shared/model/provisioning.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ask, type Snapshot, waiting } from '../../app/snapshot.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Fingerprint } from '../../ui/Fingerprint.tsx';
import { Fact, Facts } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { dateTime, useNow } from '../../ui/time.ts';
import classes from './CredentialList.module.css';
import { CredentialStateBadge, ExpiryText, methodWords } from './words.tsx';

/** What was issued to a plant, newest first. */
export function CredentialList({ credentials }: { credentials: readonly Credential[] }) {
  const now = useNow(10_000);
  if (credentials.length === 0) {
    return (
      <EmptyState icon={IconKeyOff} title="No credential yet">
        “Provision” issues one and shows its secrets once.
      </EmptyState>
    );
  }
  return (
    <ul className={classes.list}>
      {credentials.map((credential) => (
        <li key={credential.credentialId} className={classes.credential} data-state={credential.state}>
          <div className={classes.head}>
            <strong>{methodWords[credential.authMethod]}</strong>
            <CredentialStateBadge state={credential.state} />
          </div>
          <Facts>
            <Fact name="Issued">{dateTime(credential.createdAt)}</Fact>
            <Fact name="Ends">
              {credential.expiresAt ? (
                <ExpiryText at={credential.expiresAt} method={credential.authMethod} now={now} />
              ) : (
                'when it is replaced or revoked'
              )}
            </Fact>
            <Fact name="Secrets">
              {credential.secretsAvailable
                ? 'kept sealed here until they are deployed or downloaded'
                : 'no longer here: handed over or destroyed'}
            </Fact>
            {credential.certificateSerialNumber && (
              <CertificateFacts serialNumber={credential.certificateSerialNumber} />
            )}
          </Facts>
        </li>
      ))}
    </ul>
  );
}

function CertificateFacts({ serialNumber }: { serialNumber: string }) {
  const { authority } = useConsole();
  const [certificate, setCertificate] = useState<Snapshot<Certificate | null>>(waiting);
  const find = useCallback(
    () => ask(() => authority.getState().findCertificate(serialNumber)).then(setCertificate),
    [authority, serialNumber],
  );
  useEffect(() => void find(), [find]);
  return (
    <>
      <Fact name="Serial number">
        <span className="mono">{serialNumber}</span>
      </Fact>
      <SnapshotView snapshot={certificate} onRetry={() => void find()}>
        {(found) =>
          found && (
            <>
              <Fact name="Valid">
                {dateTime(found.notBefore)} to{' '}
                {hasNoEnd(found.notAfter) ? 'no well-defined end' : dateTime(found.notAfter)}
              </Fact>
              <Fact name="SHA-256">
                <Fingerprint value={found.fingerprint} what="certificate fingerprint" />
              </Fact>
            </>
          )
        }
      </SnapshotView>
    </>
  );
}
