import { Button, Select } from '@mantine/core';
import {
  IconArchive,
  IconBan,
  IconCertificate,
  IconCircleCheck,
  IconFilterOff,
  IconPackage,
} from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import {
  type Certificate,
  type CertificateKind,
  type CertificateState,
  certificateKinds,
  certificateStates,
} from '../../../shared/model/certificate.ts';
import { hasNoEnd } from '../../../shared/model/leaf-validity.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import type { StatusSign } from '../../ui/StatusBadge.tsx';
import { date } from '../../ui/time.ts';
import type { Column } from '../../ui/VirtualTable.tsx';
import { CertificateDialog } from './CertificateDialog.tsx';
import { CertificateTable } from './CertificateTable.tsx';
import { CheckRegister } from './CheckRegister.tsx';
import { serialNumberColumn, stateColumn, subjectColumn } from './certificate-columns.tsx';

const kindWords: Record<CertificateKind, string> = {
  device: 'Plant',
  broker: 'Broker',
  console: 'Console',
  probe: 'Probe',
  document: 'Document',
};

const stateSigns: Record<CertificateState, StatusSign> = {
  issued: { tone: 'working', icon: IconPackage, word: 'Issued' },
  active: { tone: 'normal', icon: IconCircleCheck, word: 'Active' },
  superseded: { tone: 'off', icon: IconArchive, word: 'Superseded' },
  revoked: { tone: 'attention', icon: IconBan, word: 'Revoked' },
};

const columnsWith = (open: (serialNumber: string) => void): readonly Column<Certificate>[] => [
  subjectColumn(({ subject, plantId }) =>
    plantId ? <a href={href('plants', plantId, 'security')}>{subject}</a> : subject,
  ),
  { name: 'For', width: '100px', cell: ({ kind }) => kindWords[kind] },
  stateColumn(stateSigns),
  { name: 'Ends', width: '126px', cell: ({ notAfter }) => (hasNoEnd(notAfter) ? 'no end' : date(notAfter)) },
  serialNumberColumn,
  {
    name: 'Details',
    width: '136px',
    cell: ({ serialNumber, subject }) => (
      <Button onClick={() => open(serialNumber)}>
        Details<span className="visually-hidden"> of {subject}</span>
      </Button>
    ),
  },
];

/** Every certificate that the authority issued. */
export function CertificatesPanel() {
  const { authority, plants, brokers } = useConsole();
  const { certificates, filter, setFilter, refreshCertificates } = useStore(authority);
  const register = useStore(plants, (state) => state.register);
  const brokerList = useStore(brokers, (state) => state.list);
  // Certificates come and go with plants and brokers: whenever those were read again, so are these.
  useEffect(() => {
    if (register.status === 'ready' && brokerList.status === 'ready') void refreshCertificates();
  }, [register, brokerList, refreshCertificates]);
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useMemo(() => columnsWith(setOpened), []);
  const isFiltered = filter.kind !== null || filter.state !== null;
  return (
    <Panel
      title="Certificates"
      actions={
        <>
          <CheckRegister />
          <Select
            aria-label="For"
            w={170}
            value={filter.kind ?? ''}
            onChange={(value) => setFilter({ ...filter, kind: certificateKinds.find((k) => k === value) ?? null })}
            data={[
              { value: '', label: 'For anyone' },
              ...certificateKinds.map((kind) => ({ value: kind, label: kindWords[kind] })),
            ]}
          />
          <Select
            aria-label="State"
            w={170}
            value={filter.state ?? ''}
            onChange={(value) => setFilter({ ...filter, state: certificateStates.find((s) => s === value) ?? null })}
            data={[
              { value: '', label: 'In any state' },
              ...certificateStates.map((state) => ({ value: state, label: stateSigns[state].word })),
            ]}
          />
        </>
      }
    >
      <SnapshotView snapshot={certificates} onRetry={() => void refreshCertificates()}>
        {({ items, total }) =>
          items.length === 0 ? (
            isFiltered ? (
              <EmptyState icon={IconFilterOff} title="No certificate fits the filter" />
            ) : (
              <EmptyState icon={IconCertificate} title="No certificate issued yet">
                They are issued when a broker is pushed and when a plant with certificate authentication is provisioned.
              </EmptyState>
            )
          ) : (
            <CertificateTable
              label="Certificates"
              items={items}
              total={total}
              columns={columns}
              rest="use the filters to find older ones"
            />
          )
        }
      </SnapshotView>
      {opened && <CertificateDialog serialNumber={opened} onClose={() => setOpened(null)} />}
    </Panel>
  );
}
