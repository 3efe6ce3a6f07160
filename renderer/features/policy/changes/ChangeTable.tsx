import { IconCircleCheck, IconCircleMinus, IconEqual } from '@tabler/icons-react';
import type { PolicyDecision } from '../../../../shared/model/policy.ts';
import type { DecisionChange, PolicyDifference } from '../../../../shared/model/policy-analysis.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Notice } from '../../../ui/Notice.tsx';
import { StatusBadge } from '../../../ui/StatusBadge.tsx';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from '../Policy.module.css';
import { actionWords, reasonWords, subjectWords } from '../words.ts';

/** Decisions that change, each for the subjects and topics that the rules do not tell apart. */
export function ChangeTable({ difference, nothing }: { difference: PolicyDifference; nothing: string }) {
  const { changes, isWhole } = difference;
  return (
    <>
      <SuperuserNotice difference={difference} />
      {!isWhole && (
        <Notice tone="attention">
          {changes.length > 0
            ? 'More changes than are listed here.'
            : 'There is too much to compare all of it; no change was found so far.'}
        </Notice>
      )}
      {changes.length > 0 && <Changes difference={difference} />}
      {changes.length === 0 && isWhole && (
        <EmptyState icon={IconEqual} title="No decision changes">
          {nothing}
        </EmptyState>
      )}
    </>
  );
}

function SuperuserNotice({ difference: { superusers } }: { difference: PolicyDifference }) {
  const words = ({ groups, scopes }: typeof superusers.gained) =>
    [...groups.map((name) => `group ${name}`), ...scopes.map((name) => `scope ${name}`)].join(', ');
  const [gained, lost] = [words(superusers.gained), words(superusers.lost)];
  if (gained === '' && lost === '') return null;
  return (
    <Notice tone="attention">
      {gained !== '' && `Become superusers, whom no rule binds: ${gained}. `}
      {lost !== '' && `No superusers any more: ${lost}.`}
    </Notice>
  );
}

function Changes({ difference }: { difference: PolicyDifference }) {
  const { changes } = difference;
  const gained = changes.filter(({ after }) => after.allowed).length;
  return (
    <>
      <p className={classes.count} role="status">
        {changes.length - gained} allowed before and denied after; {gained} denied before and allowed after
      </p>
      <VirtualTable
        label="Decisions that change"
        rows={changes}
        columns={columnsOf(difference)}
        keyOf={({ subject, action, within }) => JSON.stringify([subject, action, within])}
        maxHeight={420}
      />
    </>
  );
}

const columnsOf = ({ unnamed, alike }: PolicyDifference): readonly Column<DecisionChange>[] => [
  {
    name: 'Who',
    width: 'minmax(150px, 1.2fr)',
    cell: ({ subject }) => <Subject words={subjectWords(subject, unnamed, alike)} />,
  },
  { name: 'Action', width: '104px', cell: ({ action }) => actionWords[action] },
  {
    name: 'Topic',
    width: 'minmax(180px, 2fr)',
    cell: ({ within, asked }) => (
      <span className={`mono ${classes.lines}`} title={`${within}\nfor example ${asked}`}>
        {within}
        {asked !== within && (
          <>
            <br />
            <span className={classes.dim}>e.g. {asked}</span>
          </>
        )}
      </span>
    ),
  },
  { name: 'Before', width: 'minmax(126px, 1fr)', cell: ({ before }) => <Decision decision={before} /> },
  { name: 'After', width: 'minmax(126px, 1fr)', cell: ({ after }) => <Decision decision={after} /> },
];

const Subject = ({ words }: { words: string }) => (
  <span className={classes.lines} title={words}>
    {words}
  </span>
);

export function Decision({ decision }: { decision: PolicyDecision }) {
  return (
    <span title={reasonWords(decision)}>
      {decision.allowed ? (
        <StatusBadge tone="normal" icon={IconCircleCheck}>
          Allowed
        </StatusBadge>
      ) : (
        <StatusBadge tone="fault" icon={IconCircleMinus}>
          Denied
        </StatusBadge>
      )}
      <span className={classes.reason}>{decision.reason === 'rule' ? reasonWords(decision) : 'no rule'}</span>
    </span>
  );
}
