// What a push would change, decided on with everything in sight: drift first, then files, then who notices.

import { Button, Switch } from '@mantine/core';
import { IconRefresh, IconUpload, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import type { DriftChoice, PushPlan } from '../../../../shared/model/broker.ts';
import { FailureNotice } from '../../../ui/Notice.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { useIntoView } from '../../../ui/use-into-view.ts';
import type { ShownPlan } from '../store.ts';
import { asksForPlan, type PushChoice } from '../use-push.ts';
import { DriftChoiceField, DriftPanel } from './DriftPanel.tsx';
import { PlanChanges } from './PlanChanges.tsx';
import classes from './PlanView.module.css';
import { TakeRevocationsIn } from './TakeRevocationsIn.tsx';

type PlanViewProps = {
  brokerId: string;
  shown: ShownPlan;
  isBusy: boolean;
  /** Makes the plan anew under this choice. */
  onPlan: (drift: DriftChoice) => void;
  onPush: (choice: PushChoice) => void;
  onClose: () => void;
};

export function PlanView(props: PlanViewProps) {
  const { drift, plan } = props.shown;
  const { brokerId, onPlan, onClose } = props;
  const section = useIntoView<HTMLElement>();
  return (
    <section ref={section} className={classes.plan} aria-label="What a push would change">
      <div className={classes.head}>
        <h3 className={classes.title}>What a push would change</h3>
        <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => onPlan(drift)}>
          Compare again
        </Button>
        <Button leftSection={<IconX size={18} aria-hidden />} onClick={onClose}>
          Close
        </Button>
      </div>
      {plan.status === 'failed' && plan.failure.code === 'broker/revokes-more' ? (
        <TakeRevocationsIn brokerId={brokerId} failure={plan.failure} onTaken={() => onPlan(drift)} />
      ) : plan.status === 'failed' && asksForPlan(plan.failure.code) ? (
        <>
          <FailureNotice failure={plan.failure} />
          <DriftChoiceField choice={drift} onChoose={onPlan} />
        </>
      ) : (
        <SnapshotView snapshot={plan} onRetry={() => onPlan(drift)}>
          {(value) => <Plan plan={value} {...props} />}
        </SnapshotView>
      )}
    </section>
  );
}

function Plan({ plan, shown, isBusy, onPlan, onPush }: PlanViewProps & { plan: PushPlan }) {
  const [restart, setRestart] = useState(false);
  const { needs, drift } = plan;
  return (
    <>
      {drift.length > 0 && <DriftPanel drift={drift} choice={shown.drift} onChoose={onPlan} />}
      <PlanChanges plan={plan} subject="A push" restart={restart} />
      <div className={classes.foot}>
        {needs !== 'restart' && (
          <Switch
            size="md"
            checked={restart}
            onChange={(event) => setRestart(event.currentTarget.checked)}
            label="Restart the broker as well"
            description="Ends every session, those of revoked plants too"
          />
        )}
        <span className={classes.gap} />
        <Button
          variant="filled"
          leftSection={<IconUpload size={18} aria-hidden />}
          loading={isBusy}
          onClick={() => onPush({ drift: shown.drift, restart })}
        >
          {drift.length === 0
            ? 'Push this'
            : shown.drift === 'keep'
              ? 'Push and keep what others wrote'
              : 'Push and overwrite'}
        </Button>
      </div>
    </>
  );
}
