import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleMinus, IconMessageQuestion } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { PolicyDecision, PolicySubject } from '../../../../shared/model/policy.ts';
import type { PolicyExplanation } from '../../../../shared/model/policy-analysis.ts';
import { href } from '../../../app/route.ts';
import { readyValue, type Snapshot } from '../../../app/snapshot.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { RemovalDialog } from '../changes/RemovalDialog.tsx';
import classes from '../Policy.module.css';
import { member, ruleRows } from '../rule-rows.ts';
import type { Question } from '../store.ts';
import { actionsIn, decisionWords, isAllow, reasonWords, subjectWords, whoWords } from '../words.ts';
import own from './Try.module.css';

type Explained = PolicyExplanation & { readonly subject: PolicySubject };
/** With what was asked of which rules: both may have changed since. */
type Answered = Explained & { readonly question: Question; readonly text: string };

export function Answer({
  answer,
  inForce,
}: {
  /** Null while the question is not whole. */
  answer: Snapshot<Answered> | null;
  inForce: { readonly version: number; readonly answer: Snapshot<Explained> } | null;
}) {
  if (!answer || answer.status === 'waiting')
    return (
      <Panel title="Answer">
        <EmptyState icon={IconMessageQuestion} title="Name somebody and a topic">
          The answer comes with every key, from the rules as they are on the workbench now.
        </EmptyState>
      </Panel>
    );
  if (answer.status === 'failed')
    return (
      <Panel title="Answer">
        <FailureNotice failure={answer.failure} />
      </Panel>
    );
  const { value } = answer;
  const now = inForce && readyValue(inForce.answer);
  return (
    <Panel title="Answer">
      <Verdict decision={value.decision} about={aboutOf(value)} />
      {value.isSuperuser && (
        <Notice tone="attention">
          A group or scope has the permission superuser: the policy service allows this subject everything, whatever the
          rules say.
        </Notice>
      )}
      {now && inForce && (
        <Notice tone={now.decision.allowed === value.decision.allowed ? 'info' : 'attention'}>
          {now.decision.allowed === value.decision.allowed ? 'The same' : 'Otherwise'} by version {inForce.version},
          which is in force: {decisionWords(now.decision).toLowerCase()}.
        </Notice>
      )}
      <Sayings explained={value} />
    </Panel>
  );
}

const aboutOf = ({ subject, decision, question: { action, topic } }: Answered): string => {
  const verb = { subscribe: 'subscribe to', read: 'read', publish: 'publish on' }[action];
  return `${subjectWords(subject)} ${decision.allowed ? 'may' : 'may not'} ${verb} ${topic}`;
};

function Verdict({ decision, about }: { decision: PolicyDecision; about: string }) {
  const Sign = decision.allowed ? IconCircleCheck : IconCircleMinus;
  return (
    <div className={own.verdict} data-allowed={decision.allowed} role="status" aria-label="Decision">
      <Sign size={56} aria-hidden />
      <span className={own.sentence}>
        <strong className={own.big}>{decision.allowed ? 'Allowed' : 'Denied'}</strong>
        {about}, {reasonWords(decision)}.
      </span>
    </div>
  );
}

/** Every rule that has a say, and what would be without it. */
function Sayings({ explained }: { explained: Answered }) {
  const [removing, setRemoving] = useState<number | null>(null);
  const { without, allowing, denying, text } = explained;
  const rows = useMemo(() => ruleRows(text) ?? [], [text]);
  const more = allowing.length + denying.length - without.length;
  if (without.length === 0) return null;
  return (
    <>
      <h3 className={own.subtitle}>Rules that have a say</h3>
      <ul className={classes.list} aria-label="Rules that have a say">
        {without.map(({ rule, decision }) => {
          const source = rows[rule]?.rule;
          const isSame = decision.allowed === explained.decision.allowed;
          return (
            <li key={rule} className={classes.item}>
              <a className={classes.name} href={href('policy', 'rules', String(rule + 1))}>
                Rule {rule + 1}
              </a>
              <span className={classes.words}>
                {isAllow(source) ? 'allows' : 'denies'}: {whoWords(member(source, 'subjects'))} · {actionsIn(source)}
                <br />
                <span className={classes.dim}>
                  Without it: {isSame && 'still '}
                  {decisionWords(decision).toLowerCase()}
                </span>
              </span>
              <Button onClick={() => setRemoving(rule)}>What else?</Button>
            </li>
          );
        })}
      </ul>
      {more > 0 && <p className={classes.count}>and {more} more</p>}
      {removing !== null && <RemovalDialog text={text} rule={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}
