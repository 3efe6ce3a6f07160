import { Button, Stack } from '@mantine/core';
import {
  type Icon,
  IconAlertTriangle,
  IconCircleCheck,
  IconFileDiff,
  IconFileText,
  IconListTree,
  IconPlayerStop,
  IconPlayerStopFilled,
  IconTrash,
  IconUpload,
} from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Broker, BrokerState } from '../../../shared/model/broker.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { JobSteps } from '../../ui/JobSteps.tsx';
import { FailureNotice, Notice } from '../../ui/Notice.tsx';
import { Fact, Facts, Panel } from '../../ui/Panel.tsx';
import { StatusBadge, type Tone } from '../../ui/StatusBadge.tsx';
import { ago, date, useNow } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import type { JobKey } from '../jobs/store.ts';
import classes from './BrokerCard.module.css';
import { BrokerLog } from './BrokerLog.tsx';
import { PlanView } from './PlanView.tsx';

const stateSigns: Record<BrokerState, { tone: Tone; icon: Icon; word: string }> = {
  running: { tone: 'normal', icon: IconCircleCheck, word: 'Running' },
  stopped: { tone: 'off', icon: IconPlayerStop, word: 'Stopped' },
  failed: { tone: 'fault', icon: IconAlertTriangle, word: 'Failed' },
};

const targetWords: Readonly<Record<string, string>> = {
  process: 'Mosquitto on this machine',
  practice: 'Built-in practice broker',
};

type Open = 'log' | 'stop' | 'remove';

/** One broker: its state, what a push would change, the push itself, its log. */
export function BrokerCard({ broker }: { broker: Broker }) {
  const { client, jobs, brokers } = useConsole();
  const { plans, plan, forgetPlan, stop, remove, refresh } = useStore(brokers);
  const { brokerId, name, host, ports, state } = broker;
  const key: JobKey = `push:${brokerId}`;
  const job = useStore(jobs, (store) => store.jobs[key]);
  const pushing = useAction();
  const [open, setOpen] = useState<Open | null>(null);
  const now = useNow(10_000);
  const sign = stateSigns[state];
  const isPushing = job?.state === 'running';
  const planned = plans[brokerId];

  const push = async () => {
    const { jobId } = await client.brokers.push({ brokerId });
    forgetPlan(brokerId);
    void jobs.getState().follow(key, jobId).then(refresh);
  };

  return (
    <Panel
      title={name}
      actions={
        <StatusBadge tone={sign.tone} icon={sign.icon}>
          {sign.word}
        </StatusBadge>
      }
    >
      {broker.pushPending && (
        <Notice tone={broker.lastPushedAt ? 'attention' : 'info'}>
          {broker.lastPushedAt
            ? 'The register changed since the last push: this broker does not know it yet.'
            : 'Not pushed yet: this broker starts with its first push.'}
        </Notice>
      )}
      {broker.notices.map((notice) => (
        <Notice key={notice} tone="attention">
          {notice}
        </Notice>
      ))}
      <div className={classes.facts}>
        <Facts>
          <Fact name="Host">
            <span className="mono">{host}</span>
          </Fact>
          <Fact name="Further names">{broker.subjectAltNames.join(', ') || '—'}</Fact>
          <Fact name="Run as">
            {targetWords[broker.target.kind] ?? broker.target.kind}
            {broker.version && ` (${broker.version})`}
          </Fact>
        </Facts>
        <Facts>
          <Fact name="Listeners (TLS)">
            {ports.mtls} certificate · {ports.password} password · {ports.token} token
          </Fact>
          <Fact name="Certificate ends">{broker.certificateExpiresAt ? date(broker.certificateExpiresAt) : '—'}</Fact>
          <Fact name="Last push">{broker.lastPushedAt ? ago(broker.lastPushedAt, now) : 'never'}</Fact>
        </Facts>
      </div>
      {pushing.failure && <FailureNotice failure={pushing.failure} />}
      {job && <JobSteps job={job} done="Pushed, probed and in force" onDismiss={() => jobs.getState().dismiss(key)} />}
      {planned && !isPushing && (
        <PlanView plan={planned} onRetry={() => void plan(brokerId)} onClose={() => forgetPlan(brokerId)} />
      )}
      <div className={classes.actions}>
        <Button
          variant={broker.pushPending ? 'filled' : 'default'}
          leftSection={<IconUpload size={18} aria-hidden />}
          loading={pushing.isBusy}
          disabled={isPushing}
          onClick={() => void pushing.run(push)}
        >
          Push
        </Button>
        <Button
          leftSection={<IconFileDiff size={18} aria-hidden />}
          disabled={isPushing}
          onClick={() => void plan(brokerId)}
        >
          Show what would change
        </Button>
        <Button
          leftSection={<IconFileText size={18} aria-hidden />}
          aria-expanded={open === 'log'}
          onClick={() => setOpen(open === 'log' ? null : 'log')}
        >
          Log
        </Button>
        {state === 'running' && (
          <Button component="a" href={href('live', brokerId)} leftSection={<IconListTree size={18} aria-hidden />}>
            Live topics
          </Button>
        )}
        <span className={classes.gap} />
        {state === 'running' && (
          <Button leftSection={<IconPlayerStopFilled size={18} aria-hidden />} onClick={() => setOpen('stop')}>
            Stop
          </Button>
        )}
        <Button
          leftSection={<IconTrash size={18} aria-hidden />}
          disabled={isPushing}
          onClick={() => setOpen('remove')}
        >
          Remove
        </Button>
      </div>
      {open === 'log' && <BrokerLog brokerId={brokerId} />}
      {open === 'stop' && (
        <ConfirmDialog
          title={`Stop ${name}`}
          action="Stop broker"
          onConfirm={() => stop(brokerId)}
          onClose={() => setOpen(null)}
        >
          <Stack>Every plant that is connected to it loses its connection until the next push starts it again.</Stack>
        </ConfirmDialog>
      )}
      {open === 'remove' && (
        <ConfirmDialog
          title={`Remove ${name}`}
          word={name}
          action="Remove broker"
          onConfirm={() => remove(brokerId)}
          onClose={() => setOpen(null)}
        >
          <Stack>The console forgets this broker. It is stopped when the console started it.</Stack>
        </ConfirmDialog>
      )}
    </Panel>
  );
}
