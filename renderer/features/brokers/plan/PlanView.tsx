// What a push would change, decided on with everything in sight: drift first, then files, then who notices.

import { Button, Switch } from '@mantine/core';
import {
  IconFileDiff,
  IconPlugConnected,
  IconPlugConnectedX,
  IconRefresh,
  IconUpload,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import type { DriftChoice, PushPlan } from '../../../../shared/model/broker.ts';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { useIntoView } from '../../../ui/use-into-view.ts';
import type { ShownPlan } from '../store.ts';
import { asksForPlan, type PushChoice } from '../use-push.ts';
import { DriftChoiceField, DriftPanel } from './DriftPanel.tsx';
import { FileChange, FileChanges } from './FileChange.tsx';
import { KeptEntries } from './KeptEntries.tsx';
import classes from './PlanView.module.css';
import { ChangeBadge, droppedWords, fileNeedWords, type PlanEntry, planHeadline } from './plan-words.tsx';

type PlanViewProps = {
  shown: ShownPlan;
  isBusy: boolean;
  /** Makes the plan anew under this choice. */
  onPlan: (drift: DriftChoice) => void;
  onPush: (choice: PushChoice) => void;
  onClose: () => void;
};

export function PlanView(props: PlanViewProps) {
  const { drift, plan } = props.shown;
  const { onPlan, onClose } = props;
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
      {plan.status === 'failed' && asksForPlan(plan.failure.code) ? (
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
  const { files, needs, dropped, kept, drift, notices } = plan;
  const isRestarting = restart || dropped.who === 'everyone';
  return (
    <>
      {drift.length > 0 && <DriftPanel drift={drift} choice={shown.drift} onChoose={onPlan} />}
      {notices.map((notice) => (
        <Notice key={notice} tone="attention">
          {notice}
        </Notice>
      ))}
      <ul className={classes.summary}>
        <li>
          <IconFileDiff size={22} aria-hidden />
          {planHeadline(plan)}
        </li>
        <li data-attention={isRestarting || dropped.who === 'users' || undefined}>
          {isRestarting || dropped.who === 'users' ? (
            <IconPlugConnectedX size={22} aria-hidden />
          ) : (
            <IconPlugConnected size={22} aria-hidden />
          )}
          <span>{droppedWords(dropped, restart)}</span>
        </li>
      </ul>
      <PlanFiles files={files} />
      {kept.length > 0 && <KeptEntries kept={kept} />}
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

function PlanFiles({ files }: { files: readonly PlanEntry[] }) {
  const changing = files.filter(({ change }) => change !== 'same');
  const untouched = files.filter(({ change }) => change === 'same');
  return (
    <div className={classes.files}>
      {changing.length > 0 && (
        <FileChanges label="Files that a push changes">
          {changing.map(
            ({ file, change, needs, diff }) =>
              change !== 'same' && (
                <FileChange
                  key={file}
                  file={file}
                  sign={<ChangeBadge change={change} />}
                  note={change === 'foreign' ? 'stays as it is' : fileNeedWords[needs]}
                  diff={diff}
                  isOpenAtFirst={changing.length < 3}
                />
              ),
          )}
        </FileChanges>
      )}
      {untouched.length > 0 && (
        <p className={classes.untouched}>
          As they are: <span className="mono">{untouched.map(({ file }) => file).join(', ')}</span>
        </p>
      )}
    </div>
  );
}
