import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useStore } from 'zustand';
import { policyActions } from '../../../../shared/model/policy.ts';
import type { FilterReach, Reach } from '../../../../shared/model/policy-analysis.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import layout from '../../../ui/layout.module.css';
import { Notice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import classes from '../Policy.module.css';
import { placeOfField, removeRule } from '../rule-rows.ts';
import { Faults } from '../rules/Faults.tsx';
import { placesIn, ShowLine } from '../rules/ShowLine.tsx';
import type { Draft } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { actionWords, deadWords } from '../words.ts';
import { DocumentNotes } from './DocumentNotes.tsx';

/** More entries than this are counted and not listed. */
const maxShown = 200;
/** Each of them is looked for in the text. */
const maxKeys = 20;

/** What is worth a look before rules go in force. */
export function FindingsTab({ draft }: { draft: Draft }) {
  const { findings } = useStore(useConsole().policy);
  const known = readyValue(findings);
  const isFaulty = (known?.faults.length ?? 0) > 0;
  return (
    <>
      <Faults findings={known} text={draft.text} />
      {!isFaulty && (
        <>
          <DeadRulesPanel draft={draft} />
          <ReachPanels draft={draft} />
          <UnknownKeys keys={known?.unknownKeys ?? []} text={draft.text} />
          <DocumentNotes />
        </>
      )}
    </>
  );
}

function DeadRulesPanel({ draft }: { draft: Draft }) {
  const { client, policy } = useConsole();
  const edit = useStore(policy, (store) => store.edit);
  const dead = useAnswer(draft.text, () => client.policyAnalysis.deadRules({ rules: { text: draft.text } }));
  return (
    <Panel title="Rules without effect">
      <SnapshotView snapshot={dead} onRetry={() => {}}>
        {({ rules, isWhole }) => (
          <>
            {!isWhole && <Notice tone="attention">Some rules were too much to look at; there may be more.</Notice>}
            {rules.length === 0 ? (
              <EmptyState icon={IconCircleCheck} title="Every rule has a say">
                Without any of them some decision would be another one.
              </EmptyState>
            ) : (
              <>
                <div>
                  No decision would change without {rules.length === 1 ? 'it' : 'them, one by one or all at once'}.
                </div>
                <ul className={classes.list} aria-label="Rules without effect">
                  {rules.slice(0, maxShown).map((finding) => (
                    <li key={finding.rule} className={classes.item}>
                      <a className={classes.name} href={href('policy', 'rules', String(finding.rule + 1))}>
                        Rule {finding.rule + 1}
                      </a>
                      <span className={classes.words}>{deadWords(finding)}</span>
                      <Button disabled={!dead.isCurrent} onClick={() => edit(removeRule(draft.text, finding.rule))}>
                        Remove
                      </Button>
                    </li>
                  ))}
                </ul>
                {rules.length > maxShown && <p className={classes.count}>and {rules.length - maxShown} more</p>}
              </>
            )}
          </>
        )}
      </SnapshotView>
    </Panel>
  );
}

function ReachPanels({ draft }: { draft: Draft }) {
  const { client } = useConsole();
  const reach = useAnswer(draft.text, () => client.policyAnalysis.reach({ rules: { text: draft.text } }));
  return (
    <SnapshotView snapshot={reach} onRetry={() => {}}>
      {(filters) => (
        <div className={layout.columns}>
          <ReachPanel title="Topics that nobody can reach" filters={filters} reach="nobody" />
          <ReachPanel title="Topics that everybody can reach" filters={filters} reach="everybody" />
        </div>
      )}
    </SnapshotView>
  );
}

function ReachPanel({ title, filters, reach }: { title: string; filters: readonly FilterReach[]; reach: Reach }) {
  const actionsOf = (filter: FilterReach) => policyActions.filter((action) => filter[action] === reach);
  // That a topic is only read and never published is as it should be; that nobody can do anything there is not.
  const found = filters.filter((filter) =>
    reach === 'nobody' ? actionsOf(filter).length === policyActions.length : actionsOf(filter).length > 0,
  );
  return (
    <Panel title={title}>
      {found.length === 0 ? (
        <div className={classes.dim}>None that a rule names.</div>
      ) : (
        <ul className={classes.list} aria-label={title}>
          {found.slice(0, maxShown).map((filter) => (
            <li key={filter.filter} className={classes.item}>
              <span className={`mono ${classes.words}`}>{filter.filter}</span>
              <span className={classes.dim}>
                {reach === 'everybody'
                  ? actionsOf(filter)
                      .map((action) => actionWords[action])
                      .join(', ')
                  : filter.isDenied
                    ? 'all denied'
                    : 'no rule allows it'}
              </span>
            </li>
          ))}
        </ul>
      )}
      {found.length > maxShown && <p className={classes.count}>and {found.length - maxShown} more</p>}
      {reach === 'everybody' && (
        <div className={classes.dim}>
          Everybody is each user and service; who has neither groups nor scopes is denied.
        </div>
      )}
    </Panel>
  );
}

function UnknownKeys({ keys, text }: { keys: readonly string[]; text: string }) {
  const placeOf = useMemo(() => placesIn(text), [text]);
  if (keys.length === 0) return null;
  return (
    <Panel title="Unknown keys">
      <div>They are kept as they are, and mean nothing to the decisions of this console.</div>
      <ul className={classes.list} aria-label="Unknown keys">
        {keys.slice(0, maxKeys).map((key) => (
          <li key={key} className={classes.item}>
            <span className={classes.words}>{placeOfField(key).words}</span>
            {key.includes('.subjects.') && (
              <span className={classes.dim}>a condition: an allow allows nobody, a deny denies anyway</span>
            )}
            <ShowLine text={text} offset={placeOf(key)} />
          </li>
        ))}
      </ul>
      {keys.length > maxKeys && <p className={classes.count}>and {keys.length - maxKeys} more</p>}
    </Panel>
  );
}
