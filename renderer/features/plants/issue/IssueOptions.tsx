import { SegmentedControl, Stack } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { CertificateRequestView } from '../../../../shared/model/offline.ts';
import type { PlantId } from '../../../../shared/model/plant.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ask, type Snapshot, waiting } from '../../../app/snapshot.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { Fact, Facts } from '../../../ui/Panel.tsx';
import { PemField } from '../../../ui/PemField.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { KeyField, ValidityFields } from './CertificateFields.tsx';
import type { Wishes } from './wishes.ts';

/** The kind of key or somebody else's, and from when until when the certificate is good. */
export function IssueOptions({
  plantId,
  wishes,
  onChange,
}: {
  plantId: PlantId;
  wishes: Wishes;
  onChange: (wishes: Wishes) => void;
}) {
  const { keyFrom, request } = wishes;
  const change = (changed: Partial<Wishes>) => onChange({ ...wishes, ...changed });
  return (
    <Stack>
      <SegmentedControl
        aria-label="Private key"
        value={keyFrom}
        onChange={(value) => change({ keyFrom: value === 'request' ? 'request' : 'here' })}
        data={[
          { value: 'here', label: 'Make the private key here' },
          { value: 'request', label: 'From a certificate request' },
        ]}
      />
      {keyFrom === 'here' ? (
        <KeyField wishes={wishes} onChange={onChange} />
      ) : (
        <>
          <PemField
            label="Certificate request"
            description="PKCS#10, as the device wrote it. Its private key stays where it is."
            value={request}
            onChange={(pem) => change({ request: pem })}
          />
          {request.trim() !== '' && <RequestFacts plantId={plantId} request={request} />}
        </>
      )}
      <ValidityFields wishes={wishes} onChange={onChange} />
    </Stack>
  );
}

/** What a request wishes for; only its key is taken. */
function RequestFacts({ plantId, request }: { plantId: PlantId; request: string }) {
  const { client } = useConsole();
  const [view, setView] = useState<Snapshot<CertificateRequestView>>(waiting);
  const read = useCallback(
    () => ask(() => client.offline.readRequest({ plantId, request })).then(setView),
    [client, plantId, request],
  );
  useEffect(() => void read(), [read]);
  return (
    <SnapshotView snapshot={view} onRetry={() => void read()}>
      {({ subject, wishes, keyAlgorithm }) => (
        <>
          <Facts>
            <Fact name="It asks for the name">
              <span className="mono">{subject || 'none'}</span> and gets <span className="mono">/CN={plantId}</span>
            </Fact>
            <Fact name="It asks for">{wishes.join(', ') || 'no extension'}; it gets those of a plant only</Fact>
            <Fact name="Its key">{keyAlgorithm}</Fact>
          </Facts>
          <Notice tone="attention">
            Whoever holds the private key of this request becomes this plant. Take only one that you know comes from its
            device.
          </Notice>
        </>
      )}
    </SnapshotView>
  );
}
