import { Button, TextInput } from '@mantine/core';
import { IconBan, IconCircleCheck, IconClockExclamation, IconSearchOff } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { RegisteredCertificate, RegisterState } from '../../../shared/model/register.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ask, type Snapshot, waiting } from '../../app/snapshot.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import type { StatusSign } from '../../ui/StatusBadge.tsx';
import { date } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import type { Column } from '../../ui/VirtualTable.tsx';
import { CertificateTable } from './CertificateTable.tsx';
import { serialNumberColumn, stateColumn, subjectColumn } from './certificate-columns.tsx';
import { RevokeCertificate } from './RevokeCertificate.tsx';

type Listed = { readonly items: readonly RegisteredCertificate[]; readonly total: number };

const shown = 200;

const stateSigns: Record<RegisterState, StatusSign> = {
  valid: { tone: 'normal', icon: IconCircleCheck, word: 'Valid' },
  revoked: { tone: 'attention', icon: IconBan, word: 'Revoked' },
  expired: { tone: 'off', icon: IconClockExclamation, word: 'Expired' },
};

const columnsWith = (
  revoke: (certificate: RegisteredCertificate) => void,
  takeBack: (certificate: RegisteredCertificate) => void,
): readonly Column<RegisteredCertificate>[] => [
  subjectColumn(({ subject }) => subject || '—'),
  stateColumn(stateSigns),
  { name: 'Ends', width: '126px', cell: ({ notAfter }) => date(notAfter) },
  serialNumberColumn,
  {
    name: 'Revoke',
    width: '120px',
    cell: (certificate) => (
      <>
        {certificate.state === 'valid' && (
          <Button onClick={() => revoke(certificate)}>
            Revoke<span className="visually-hidden"> {certificate.subject}</span>
          </Button>
        )}
        {certificate.revocationIsOpen && (
          <Button onClick={() => takeBack(certificate)}>
            Take back<span className="visually-hidden"> the revocation of {certificate.subject}</span>
          </Button>
        )}
      </>
    ),
  },
];

/** What came with an adopted authority and is known by its serial number only; nothing at all where there is none. */
export function RegisterPanel() {
  const { client, authority } = useConsole();
  // A new object asks anew.
  const [asked, setAsked] = useState({ query: '' });
  const [list, setList] = useState<Snapshot<Listed>>(waiting);
  const [chosen, setChosen] = useState<RegisteredCertificate | null>(null);
  const undoing = useAction();
  const { query } = asked;
  const { run } = undoing;
  const columns = useMemo(() => {
    const takeBack = async ({ serialNumber }: RegisteredCertificate) => {
      await client.authority.takeRegisteredRevocationBack({ serialNumber });
      setAsked(({ query: sought }) => ({ query: sought }));
      await authority.getState().refresh();
    };
    return columnsWith(setChosen, (certificate) => void run(() => takeBack(certificate)));
  }, [client, authority, run]);
  useEffect(() => {
    let isWanted = true;
    void ask(() => client.authority.listRegister({ limit: shown, query: asked.query })).then((found) => {
      if (isWanted) setList(found);
    });
    return () => {
      isWanted = false;
    };
  }, [client, asked]);
  const askAgain = () => setAsked({ query });
  if (query === '' && (list.status === 'waiting' || (list.status === 'ready' && list.value.total === 0))) return null;
  return (
    <Panel
      title="Known by serial number only"
      actions={
        <TextInput
          aria-label="Search subject or serial number"
          placeholder="Search subject or serial number"
          w={300}
          value={query}
          onChange={(event) => setAsked({ query: event.currentTarget.value })}
        />
      }
    >
      {undoing.failure && <FailureNotice failure={undoing.failure} />}
      <SnapshotView snapshot={list} onRetry={askAgain}>
        {({ items, total }) =>
          items.length === 0 ? (
            <EmptyState icon={IconSearchOff} title="No certificate fits the search" />
          ) : (
            <CertificateTable
              label="Known by serial number only"
              items={items}
              total={total}
              columns={columns}
              rest="search for the one you mean"
            />
          )
        }
      </SnapshotView>
      {chosen && (
        <RevokeCertificate
          serialNumber={chosen.serialNumber}
          subject={chosen.subject}
          revoke={async (words) => {
            await client.authority.revokeRegistered({ serialNumber: chosen.serialNumber, ...words });
            askAgain();
          }}
          onClose={() => setChosen(null)}
        />
      )}
    </Panel>
  );
}
