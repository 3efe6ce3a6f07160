// What of a broker is not as it should be, with what can be done about it at the right. Worst first.

import { Button } from '@mantine/core';
import { IconFileDiff, IconRefresh, IconUpload } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import { crlStateAt } from '../../../shared/model/certificate.ts';
import { useConsole } from '../../app/console-context.tsx';
import { readyValue } from '../../app/snapshot.ts';
import { Notice } from '../../ui/Notice.tsx';
import { span, useNow } from '../../ui/time.ts';
import { CrlBar } from '../authority/CrlClock.tsx';
import classes from './BrokerCard.module.css';
import { UnfinishedPushNotice } from './push/UnfinishedPushNotice.tsx';
import { isSetUp } from './set-up.ts';
import type { Push } from './use-push.ts';

export function BrokerNotices({
  broker,
  push,
  isBlocked,
  isPlanned,
  onJob,
  onPlan,
}: {
  broker: Broker;
  push: Push;
  /** Nothing may be pushed right now. */
  isBlocked: boolean;
  /** A plan is in sight, which says what differs. */
  isPlanned: boolean;
  onJob: (jobId: string) => void;
  onPlan: () => void;
}) {
  const { unfinishedPush, driftedFiles, lastPushedAt, pushPending, notices } = broker;
  // What cannot be looked at before it is set up is no problem.
  const problem = isSetUp(broker) ? broker.problem : null;
  return (
    <>
      {problem && (
        <Notice tone="fault">
          {problem.detail} <span className={classes.code}>{problem.code}</span>
        </Notice>
      )}
      {unfinishedPush && <UnfinishedPushNotice broker={broker} push={unfinishedPush} onJob={onJob} />}
      <CrlNotice broker={broker} push={push} isBlocked={isBlocked} />
      {driftedFiles && driftedFiles.length > 0 && !isPlanned && (
        <Notice
          tone="attention"
          action={
            <Button leftSection={<IconFileDiff size={18} aria-hidden />} disabled={isBlocked} onClick={onPlan}>
              Show the changes
            </Button>
          }
        >
          <strong>Somebody else changed this broker since the last push:</strong>{' '}
          <span className="mono">{driftedFiles.join(', ')}</span>
        </Notice>
      )}
      {!lastPushedAt && !problem && <Notice tone="info">{beforeFirstPush(broker)}</Notice>}
      {pushPending && lastPushedAt && (
        <Notice tone="attention">The register changed since the last push: this broker does not know it yet.</Notice>
      )}
      {notices.map((notice) => (
        <Notice key={notice} tone="attention">
          {notice}
        </Notice>
      ))}
    </>
  );
}

function beforeFirstPush({ target, access }: Broker): string {
  if (!isSetUp({ access })) return 'Not set up yet: enter what the way to this broker needs.';
  switch (target.kind) {
    case 'process':
    case 'practice':
      return 'Not pushed yet: this broker starts with its first push.';
    case 'ssh':
    case 'docker':
      return 'Not pushed yet: it runs on what was found there. “Show what would change” tells what a push keeps.';
  }
}

/** From half of the CRL's life on: at its end the broker refuses every certificate. */
function CrlNotice({ broker, push, isBlocked }: { broker: Broker; push: Push; isBlocked: boolean }) {
  const authority = useStore(useConsole().authority, (store) => readyValue(store.authority));
  const now = useNow(30_000);
  const nextUpdate = broker.crlNextUpdate;
  if (!nextUpdate || !authority) return null;
  // The broker's may be an older one; they all live equally long.
  const life = Date.parse(authority.crl.nextUpdate) - Date.parse(authority.crl.thisUpdate);
  const crl = { thisUpdate: new Date(Date.parse(nextUpdate) - life).toISOString(), nextUpdate };
  const state = crlStateAt(crl, new Date(now));
  if (state === 'fresh') return null;
  // Its successor may be there already, and lacks the push only.
  const isSuperseded = authority.crl.nextUpdate > nextUpdate && crlStateAt(authority.crl, new Date(now)) === 'fresh';
  return (
    <Notice
      tone={state === 'expired' ? 'fault' : 'attention'}
      action={
        <Button
          variant="filled"
          leftSection={isSuperseded ? <IconUpload size={18} aria-hidden /> : <IconRefresh size={18} aria-hidden />}
          disabled={isBlocked}
          loading={push.action.isBusy}
          onClick={isSuperseded ? push.start : push.renewCrl}
        >
          {isSuperseded ? 'Push the new one' : 'Renew now'}
        </Button>
      }
    >
      <strong>
        {state === 'expired'
          ? 'The revocation list of this broker is out of date: it refuses every certificate.'
          : `The revocation list of this broker ends in ${span(Date.parse(nextUpdate) - now)}; then it refuses every certificate.`}
      </strong>
      <CrlBar crl={crl} now={now} />
    </Notice>
  );
}
