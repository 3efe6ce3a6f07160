import {
  IconAlertOctagon,
  IconCircleCheck,
  IconCircleMinus,
  IconGhost2,
  IconHandStop,
  IconInfoCircle,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import type { DeadRules } from '../../../../shared/model/policy-analysis.ts';
import type { PolicyFindings } from '../../../../shared/model/policy-version.ts';
import { href } from '../../../app/route.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { SignBadge, StatusBadge, type StatusSign } from '../../../ui/StatusBadge.tsx';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from '../Policy.module.css';
import { member, namesIn, placeOfField, type RuleRow } from '../rule-rows.ts';
import { actionsIn, deadWords, isAllow, whoWords } from '../words.ts';

export function RuleTable({
  rows,
  findings,
  dead,
}: {
  rows: readonly RuleRow[];
  findings: PolicyFindings | null;
  dead: DeadRules | null;
}) {
  const marks = useMemo(() => marksOf(findings, dead), [findings, dead]);
  if (rows.length === 0)
    return (
      <EmptyState icon={IconHandStop} title="No rule here">
        Without a rule that allows it, everything is denied.
      </EmptyState>
    );
  return (
    <div className={classes.table}>
      <VirtualTable label="Rules" rows={rows} columns={columnsWith(marks)} keyOf={({ index }) => String(index)} />
    </div>
  );
}

type Mark = { readonly kind: 'fault' | 'dead' | 'unknown'; readonly words: string };

/** Of several the gravest counts, which comes last. */
function marksOf(findings: PolicyFindings | null, dead: DeadRules | null): ReadonlyMap<number, Mark> {
  const marks = new Map<number, Mark>();
  for (const field of findings?.unknownKeys ?? []) {
    const { rule } = placeOfField(field);
    if (rule !== null) marks.set(rule, { kind: 'unknown', words: `unknown key ${field.split('.').at(-1)}` });
  }
  for (const finding of dead?.rules ?? []) marks.set(finding.rule, { kind: 'dead', words: deadWords(finding) });
  for (const { field, message } of findings?.faults ?? []) {
    const { rule, words } = placeOfField(field);
    if (rule !== null) marks.set(rule, { kind: 'fault', words: `${words}: ${message}` });
  }
  return marks;
}

const columnsWith = (marks: ReadonlyMap<number, Mark>): readonly Column<RuleRow>[] => [
  {
    name: 'Rule',
    width: '72px',
    cell: ({ index }) => <a href={href('policy', 'rules', String(index + 1))}>{index + 1}</a>,
  },
  {
    name: 'Effect',
    width: '122px',
    cell: ({ rule }) =>
      isAllow(rule) ? (
        <StatusBadge tone="normal" icon={IconCircleCheck}>
          Allow
        </StatusBadge>
      ) : (
        <StatusBadge tone="fault" icon={IconCircleMinus}>
          Deny
        </StatusBadge>
      ),
  },
  {
    name: 'Who',
    width: 'minmax(150px, 1.2fr)',
    cell: ({ rule }) => <Lines words={whoWords(member(rule, 'subjects'))} />,
  },
  {
    name: 'Actions',
    width: '134px',
    cell: ({ rule }) => <Lines words={actionsIn(rule)} />,
  },
  {
    name: 'Topics',
    width: 'minmax(190px, 2fr)',
    cell: ({ rule }) => <Topics topics={namesIn(member(rule, 'topics'))} />,
  },
  {
    name: 'To look at',
    width: 'minmax(110px, 1fr)',
    cell: ({ index }) => <MarkSign mark={marks.get(index)} />,
  },
];

const Lines = ({ words }: { words: string }) => (
  <span className={classes.lines} title={words}>
    {words}
  </span>
);

function Topics({ topics }: { topics: readonly string[] }) {
  const [first, second] = topics;
  const more = topics.length - 2;
  return (
    <span className={`mono ${classes.lines}`} title={topics.join('\n')}>
      {first}
      {second !== undefined && (
        <>
          <br />
          {second}
        </>
      )}
      {more > 0 && <span className={classes.dim}> and {more} more</span>}
    </span>
  );
}

const markSigns: Record<Mark['kind'], StatusSign> = {
  fault: { tone: 'fault', icon: IconAlertOctagon, word: 'Mistake' },
  dead: { tone: 'attention', icon: IconGhost2, word: 'No effect' },
  unknown: { tone: 'off', icon: IconInfoCircle, word: 'Unknown key' },
};

function MarkSign({ mark }: { mark: Mark | undefined }) {
  return (
    mark && (
      <span title={mark.words}>
        <SignBadge sign={markSigns[mark.kind]} />
      </span>
    )
  );
}
