import { Select } from '@mantine/core';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { readyValue } from '../../../app/snapshot.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { ChangeTable } from '../changes/ChangeTable.tsx';
import classes from '../Policy.module.css';
import type { Draft } from '../store.ts';
import { useAnswer } from '../use-answer.ts';

const workbench = 'workbench';

/** The decisions that differ between two rule sets; texts are compared elsewhere, this is about what they mean. */
export function CompareVersions({ draft }: { draft: Draft }) {
  const { client, policy } = useConsole();
  const list = readyValue(useStore(policy, (store) => store.versions)) ?? [];
  const inForce = list.find(({ isActive }) => isActive)?.version ?? list[0]?.version;
  const [before, setBefore] = useState<string | null>(null);
  const [after, setAfter] = useState(workbench);
  const from = before ?? (inForce === undefined ? workbench : String(inForce));
  const rulesOf = (choice: string) => (choice === workbench ? { text: draft.text } : { version: Number(choice) });
  const textIfAsked = from === workbench || after === workbench ? draft.text : '';
  const difference = useAnswer(from === after ? null : `${from} ${after} ${textIfAsked}`, () =>
    client.policyAnalysis.difference({ before: rulesOf(from), after: rulesOf(after) }),
  );
  const choices = [
    { value: workbench, label: 'The workbench' },
    ...list.map(({ version, isActive }) => ({
      value: String(version),
      label: `Version ${version}${isActive ? ', in force' : ''}`,
    })),
  ];
  return (
    <Panel title="What differs">
      <div className={classes.bar}>
        <Select className={classes.choice} label="Before" value={from} data={choices} onChange={setBefore} />
        <Select
          className={classes.choice}
          label="After"
          value={after}
          data={choices}
          onChange={(value) => setAfter(value ?? workbench)}
        />
      </div>
      {from === after ? (
        <div className={classes.dim}>Choose two that differ.</div>
      ) : (
        <SnapshotView snapshot={difference} onRetry={() => {}}>
          {(value) => <ChangeTable difference={value} nothing="Both decide the same, whoever asks." />}
        </SnapshotView>
      )}
    </Panel>
  );
}
