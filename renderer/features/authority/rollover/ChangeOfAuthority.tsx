// The authorities of this vault, and the way from one to the next without an outage.

import { Button } from '@mantine/core';
import {
  IconArchive,
  IconCircleCheck,
  IconCirclePlus,
  IconHourglassLow,
  IconRefresh,
  IconUrgent,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { AuthorityState } from '../../../../shared/model/certificate.ts';
import type { RolloverAuthority } from '../../../../shared/model/rollover.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { JobSteps } from '../../../ui/JobSteps.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import type { StatusSign } from '../../../ui/StatusBadge.tsx';
import { date } from '../../../ui/time.ts';
import { StateList, StateRow } from '../StateList.tsx';
import { AuthorityGuide } from './AuthorityGuide.tsx';
import { StartRollover } from './StartRollover.tsx';
import { TokenKeyNotice } from './TokenKeyNotice.tsx';

const stateSigns: Record<AuthorityState, StatusSign> = {
  next: { tone: 'working', icon: IconCirclePlus, word: 'Next' },
  current: { tone: 'normal', icon: IconCircleCheck, word: 'Issues' },
  retiring: { tone: 'attention', icon: IconHourglassLow, word: 'Retiring' },
  retired: { tone: 'off', icon: IconArchive, word: 'Retired' },
};

export function ChangeOfAuthority() {
  const { authority, brokers, plants, jobs, rollover } = useConsole();
  const { rollover: snapshot, refreshRollover } = useStore(rollover);
  const known = useStore(authority, (store) => store.authority);
  const brokerList = useStore(brokers, (store) => store.list);
  const register = useStore(plants, (store) => store.register);
  const job = useStore(jobs, (store) => store.jobs.rollover);
  const [asking, setAsking] = useState<'change' | 'emergency' | null>(null);
  // Pushes, deployments and first sessions move a change of authority on.
  useEffect(() => {
    if (known.status === 'ready' && brokerList.status === 'ready' && register.status === 'ready') {
      void refreshRollover();
    }
  }, [known, brokerList, register, refreshRollover]);
  const isIdle = snapshot.status === 'ready' && ['none', 'forget'].includes(snapshot.value.stage);
  const hasKey =
    snapshot.status !== 'ready' || snapshot.value.authorities.some((one) => one.state === 'current' && one.hasKey);
  const isEmergency = snapshot.status === 'ready' && snapshot.value.isEmergency;
  return (
    <Panel
      title="Change of authority"
      actions={
        <>
          {isIdle && (
            <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => setAsking('change')}>
              Change the authority
            </Button>
          )}
          {!isEmergency && (
            <Button
              variant="outline"
              color="red"
              leftSection={<IconUrgent size={18} aria-hidden />}
              onClick={() => setAsking('emergency')}
            >
              The key is lost or stolen
            </Button>
          )}
        </>
      }
    >
      <SnapshotView snapshot={snapshot} onRetry={() => void refreshRollover()}>
        {(value) => (
          <>
            {!hasKey && (
              <Notice tone="fault">
                <strong>The key of this authority is missing.</strong> Nothing new can be signed: no certificate, no
                CRL, no revocation of a certificate. What is in force goes on until the CRL ends. Restore a backup that
                has the key; where there is none, press “The key is lost or stolen”.
              </Notice>
            )}
            <TokenKeyNotice exposed={value.exposedTokenKey} />
            <AuthorityGuide rollover={value} />
            {job && <JobSteps job={job} done="Done" onDismiss={() => jobs.getState().dismiss('rollover')} />}
            <StateList label="Authorities">
              {value.authorities.toReversed().map((one) => (
                <AuthorityRow key={one.authorityId} authority={one} />
              ))}
            </StateList>
          </>
        )}
      </SnapshotView>
      {asking && known.status === 'ready' && known.value && (
        <StartRollover
          present={known.value}
          emergency={asking === 'emergency'}
          hasKey={hasKey}
          onClose={() => setAsking(null)}
        />
      )}
    </Panel>
  );
}

function AuthorityRow({ authority }: { authority: RolloverAuthority }) {
  const { subject, state, isCompromised, hasKey, notAfter, crl, lastCertificateEndsAt, brokersBehind } = authority;
  return (
    <StateRow sign={stateSigns[state]} name={subject}>
      {isCompromised && 'key given up · '}
      {!hasKey && 'key missing: its CRL is the last · '}
      {state === 'retired' && lastCertificateEndsAt
        ? `CRL ${crl.number} goes on until ${date(lastCertificateEndsAt)}`
        : `until ${date(notAfter)} · CRL ${crl.number} until ${date(crl.nextUpdate)}`}
      {brokersBehind.length > 0 && ` · not told yet: ${brokersBehind.join(', ')}`}
    </StateRow>
  );
}
