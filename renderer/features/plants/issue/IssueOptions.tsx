import { NumberInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { deviceCertificateDefaults, leafKeyAlgorithms } from '../../../../shared/model/certificate.ts';
import { maxLeafDays } from '../../../../shared/model/leaf-validity.ts';
import type { CertificateRequestView } from '../../../../shared/model/offline.ts';
import type { PlantId } from '../../../../shared/model/plant.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ask, type Snapshot, waiting } from '../../../app/snapshot.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { Fact, Facts } from '../../../ui/Panel.tsx';
import { PemField } from '../../../ui/PemField.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { ends, type Wishes } from './wishes.ts';

const endWords: Record<Wishes['end'], string> = {
  default: `${deviceCertificateDefaults.validityDays} days, or what the authority has left`,
  days: 'After some days…',
  authority: 'With the authority',
  date: 'On a date…',
  none: 'No well-defined end (99991231235959Z)',
};

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
  const { keyFrom, keyAlgorithm, request, end, days, endDate, beginDate } = wishes;
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
        <Select
          label="Kind of key"
          description="RSA 2048 is what every controller understands. Ed25519 needs a TLS of 2018 or later."
          value={keyAlgorithm}
          data={[...leafKeyAlgorithms]}
          allowDeselect={false}
          onChange={(value) =>
            change({ keyAlgorithm: leafKeyAlgorithms.find((known) => known === value) ?? keyAlgorithm })
          }
        />
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
      <Select
        label="Ends"
        value={end}
        data={ends.map((value) => ({ value, label: endWords[value] }))}
        allowDeselect={false}
        onChange={(value) => change({ end: ends.find((known) => known === value) ?? end })}
      />
      {end === 'days' && (
        <NumberInput
          label="Days from now"
          min={1}
          max={maxLeafDays}
          allowDecimal={false}
          value={days}
          onChange={(value) => change({ days: value })}
        />
      )}
      {end === 'date' && (
        <TextInput
          type="date"
          label="Last day"
          value={endDate}
          onChange={(event) => change({ endDate: event.currentTarget.value })}
        />
      )}
      <TextInput
        type="date"
        label="Begins on"
        description="Left empty, it begins with the authority: controllers boot with a clock in the past."
        value={beginDate}
        onChange={(event) => change({ beginDate: event.currentTarget.value })}
      />
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
