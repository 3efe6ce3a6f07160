import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { href, navigate } from '../../../app/route.ts';
import { readyValue } from '../../../app/snapshot.ts';
import { Notice } from '../../../ui/Notice.tsx';
import classes from '../Policy.module.css';
import { type RuleRow, ruleRows } from '../rule-rows.ts';
import type { Draft } from '../store.ts';
import { useAnswer } from '../use-answer.ts';
import { Faults } from './Faults.tsx';
import { JsonEditor } from './JsonEditor.tsx';
import { RuleEditor } from './RuleEditor.tsx';
import { RuleTable } from './RuleTable.tsx';

/** `place` comes from the address: the number of a rule, from 1, to be edited; `new`; `json` with or without a path. */
export function RulesTab({ draft, place }: { draft: Draft; place: string | null }) {
  const { client, policy } = useConsole();
  const { findings, edit } = useStore(policy);
  const known = readyValue(findings);
  const isFaulty = (known?.faults.length ?? 0) > 0;
  const rows = useMemo(() => ruleRows(draft.text), [draft.text]);
  const isJson = rows === null || place === 'json';
  const dead = useAnswer(isJson ? null : draft.text, () =>
    client.policyAnalysis.deadRules({ rules: { text: draft.text } }),
  );
  const [query, setQuery] = useState('');
  const editing = rows === null || place === null ? null : place === 'new' ? rows.length : Number(place) - 1;
  const row = editing === null ? undefined : rows?.[editing];
  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="Show the rules as"
          value={isJson ? 'json' : 'table'}
          onChange={(value) => navigate(value === 'json' ? href('policy', 'rules', 'json') : href('policy', 'rules'))}
          data={[
            { value: 'table', label: 'Table', disabled: rows === null },
            { value: 'json', label: 'JSON' },
          ]}
        />
        {!isJson && (
          <TextInput
            className={classes.words}
            aria-label="Search rules"
            placeholder="Search rules"
            leftSection={<IconSearch size={20} aria-hidden />}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
          />
        )}
        <span className={classes.gap} />
        {!isJson && (
          <Button
            leftSection={<IconPlus size={20} aria-hidden />}
            onClick={() => navigate(href('policy', 'rules', 'new'))}
          >
            Add rule
          </Button>
        )}
      </div>
      <Faults findings={known} text={draft.text} />
      {isJson ? (
        <>
          {rows === null && (
            <Notice tone="attention">There is no list of rules to show as a table until this is corrected.</Notice>
          )}
          <JsonEditor text={draft.text} onChange={edit} />
        </>
      ) : (
        <RuleTable
          rows={fitting(rows, query)}
          findings={known}
          dead={isFaulty || !dead.isCurrent ? null : readyValue(dead)}
        />
      )}
      {rows !== null && (row || place === 'new') && (
        <RuleEditor
          key={place}
          draft={draft}
          rows={rows}
          row={row ?? null}
          onClose={() => navigate(href('policy', 'rules'))}
        />
      )}
    </>
  );
}

function fitting(rows: readonly RuleRow[], query: string): readonly RuleRow[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === '') return rows;
  return rows.filter(({ rule }) => JSON.stringify(rule).toLowerCase().includes(wanted));
}
