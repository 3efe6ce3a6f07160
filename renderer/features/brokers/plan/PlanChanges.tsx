// What a plan says: what the operator must know, what changes and whose connection ends, then file by file.

import { IconFileDiff, IconPlugConnected, IconPlugConnectedX } from '@tabler/icons-react';
import type { PushPlan } from '../../../../shared/model/broker.ts';
import { Notice } from '../../../ui/Notice.tsx';
import { FileChange, FileChanges } from './FileChange.tsx';
import { KeptEntries } from './KeptEntries.tsx';
import classes from './PlanView.module.css';
import { ChangeBadge, droppedWords, fileNeedWords, type PlanEntry, planHeadline } from './plan-words.tsx';

/** `subject`: what would change all this, at the beginning of a sentence. `restart`: the operator asked for one. */
export function PlanChanges({ plan, subject, restart }: { plan: PushPlan; subject: string; restart: boolean }) {
  const { files, dropped, kept, notices } = plan;
  const isRestarting = restart || dropped.who === 'everyone';
  return (
    <>
      {notices.map((notice) => (
        <Notice key={notice} tone="attention">
          {notice}
        </Notice>
      ))}
      <ul className={classes.summary}>
        <li>
          <IconFileDiff size={22} aria-hidden />
          {planHeadline(plan, subject)}
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
    </>
  );
}

function PlanFiles({ files }: { files: readonly PlanEntry[] }) {
  const changing = files.filter(({ change }) => change !== 'same');
  const untouched = files.filter(({ change }) => change === 'same');
  return (
    <div className={classes.files}>
      {changing.length > 0 && (
        <FileChanges label="Files that change">
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
