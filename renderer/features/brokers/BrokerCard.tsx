import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Broker } from '../../../shared/model/broker.ts';
import { useConsole } from '../../app/console-context.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { ago, useNow } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import { BrokerAccess } from './BrokerAccess.tsx';
import { BrokerActions, type Opened } from './BrokerActions.tsx';
import classes from './BrokerCard.module.css';
import { BrokerFacts } from './BrokerFacts.tsx';
import { BrokerLog } from './BrokerLog.tsx';
import { BrokerNotices } from './BrokerNotices.tsx';
import { BrokerSign } from './BrokerSign.tsx';
import { GenerationsPanel } from './GenerationsPanel.tsx';
import { PlanView } from './plan/PlanView.tsx';
import { PushJob } from './push/PushJob.tsx';
import { SaveFiles } from './SaveFiles.tsx';
import { isSetUp } from './set-up.ts';
import { useBrokerJob } from './use-broker-job.ts';
import { usePush } from './use-push.ts';

/** One broker: its state and what is not as it should be, then what a push would change, and the push itself. */
export function BrokerCard({ broker }: { broker: Broker }) {
  const { brokers } = useConsole();
  const { plans, plan, forgetPlan, stop, remove } = useStore(brokers);
  const { brokerId, name } = broker;
  const { job, follow, dismiss } = useBrokerJob(broker);
  const push = usePush(broker, follow);
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const isPushing = job?.state === 'running';
  const isBlocked = isPushing || broker.unfinishedPush !== null || !isSetUp(broker);
  const planned = isPushing ? undefined : plans[brokerId];
  const showPlan = () => void plan(brokerId, 'keep');

  return (
    <Panel title={name} actions={<Look broker={broker} />}>
      <BrokerNotices
        broker={broker}
        push={push}
        isBlocked={isBlocked}
        isPlanned={planned !== undefined}
        onJob={follow}
        onPlan={showPlan}
      />
      <BrokerAccess broker={broker} />
      <BrokerFacts broker={broker} />
      {push.action.failure && <FailureNotice failure={push.action.failure} />}
      {job && <PushJob key={job.jobId} job={job} onDismiss={dismiss} onPlan={showPlan} />}
      {planned && (
        <PlanView
          brokerId={brokerId}
          shown={planned}
          isBusy={push.action.isBusy}
          onPlan={(drift) => void plan(brokerId, drift)}
          onPush={push.startAs}
          onClose={() => forgetPlan(brokerId)}
        />
      )}
      <BrokerActions
        broker={broker}
        push={push}
        isBlocked={isBlocked}
        isPlanned={planned !== undefined}
        opened={opened}
        onOpen={setOpened}
        onPlan={showPlan}
      />
      {opened === 'generations' && <GenerationsPanel broker={broker} isBlocked={isBlocked} onJob={follow} />}
      {opened === 'log' && <BrokerLog brokerId={brokerId} />}
      {opened === 'files' && <SaveFiles broker={broker} onClose={close} />}
      {opened === 'stop' && (
        <ConfirmDialog title={`Stop ${name}`} action="Stop broker" onConfirm={() => stop(brokerId)} onClose={close}>
          <div>Every plant that is connected to it loses its connection until the next push starts it again.</div>
        </ConfirmDialog>
      )}
      {opened === 'remove' && (
        <ConfirmDialog
          title={`Remove ${name}`}
          word={name}
          action="Remove broker"
          onConfirm={() => remove(brokerId)}
          onClose={close}
        >
          <div>The console forgets this broker. It is stopped when the console started it.</div>
        </ConfirmDialog>
      )}
    </Panel>
  );
}

/** Up to which age (ms) a look counts as new. */
const justNow = 10_000;
const since = (at: string, now: number) => (now - Date.parse(at) < justNow ? 'just now' : ago(at, now));

/** The state, when it was seen, and a way to see it anew. */
function Look({ broker: { brokerId, lookedAt }, broker }: { broker: Broker }) {
  const { look } = useStore(useConsole().brokers);
  const looking = useAction();
  const now = useNow(5_000);
  return (
    <div className={classes.look}>
      {looking.failure && <span role="alert">{looking.failure.sentence}</span>}
      {lookedAt && isSetUp(broker) && <span className={classes.seen}>seen {since(lookedAt, now)}</span>}
      <BrokerSign broker={broker} />
      <Button
        leftSection={<IconRefresh size={18} aria-hidden />}
        loading={looking.isBusy}
        disabled={!isSetUp(broker)}
        onClick={() => void looking.run(() => look(brokerId))}
      >
        Look again
      </Button>
    </div>
  );
}
