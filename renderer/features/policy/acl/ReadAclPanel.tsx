import { Button, FileButton } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { AclTable, AclTableRow } from '../../../../shared/model/policy-acl.ts';
import { aclLineDifferenceWords } from '../../../../shared/model/policy-acl-words.ts';
import { maxPolicyTextLength } from '../../../../shared/model/policy-version.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { FailureNotice, Notice } from '../../../ui/Notice.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useAction } from '../../../ui/use-action.ts';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from '../Policy.module.css';
import { actionWords } from '../words.ts';

type Read = { readonly name: string; readonly table: AclTable };
const maxFaults = 50;

/** An acl_file that a broker has, next to what the rules would call it. */
export function ReadAclPanel() {
  const { client } = useConsole();
  const [read, setRead] = useState<Read | null>(null);
  const [isTooLarge, setTooLarge] = useState(false);
  const reading = useAction();
  const reset = useRef<() => void>(null);
  const take = (file: File | null) => {
    reset.current?.();
    if (!file) return;
    setTooLarge(file.size > maxPolicyTextLength);
    if (file.size > maxPolicyTextLength) return;
    void reading.run(async () => {
      setRead({ name: file.name, table: await client.policyBroker.readAcl({ text: await file.text() }) });
    });
  };
  return (
    <Panel title="An ACL file as a table">
      <div className={classes.bar}>
        <FileButton resetRef={reset} onChange={take} inputProps={{ 'aria-label': 'ACL file to read' }}>
          {(props) => (
            <Button {...props} loading={reading.isBusy} leftSection={<IconFileImport size={20} aria-hidden />}>
              Read a file
            </Button>
          )}
        </FileButton>
        {read && <span className={classes.words}>{read.name}</span>}
      </div>
      {isTooLarge && <Notice tone="attention">The file is larger than 4 MiB.</Notice>}
      {reading.failure && <FailureNotice failure={reading.failure} />}
      {read && <Table table={read.table} />}
    </Panel>
  );
}

function Table({ table: { rows, faults, more } }: { table: AclTable }) {
  return (
    <>
      <Notice tone="info">
        With an ACL file Mosquitto accepts every subscription, and delivers only what may be read. By rules a
        subscription needs one that allows all of it.
      </Notice>
      {faults.length > 0 && (
        <>
          <Notice tone="fault">
            {faults.some(({ effect }) => effect === 'refused')
              ? 'A broker does not take this file as it is: at a reload Mosquitto 2.1 stops, and 2.0 lets everybody do everything.'
              : 'Some lines mean something else than it seems.'}
          </Notice>
          <ul className={classes.list} aria-label="Lines with mistakes">
            {faults.slice(0, maxFaults).map(({ line, reason }) => (
              <li key={`${line} ${reason}`} className={classes.item}>
                <b>Line {line}</b>
                <span className={classes.words}>{reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <VirtualTable
        label="Lines of the ACL file"
        rows={rows}
        columns={columns}
        keyOf={({ line }) => String(line)}
        maxHeight={420}
      />
      {more > 0 && <p className={classes.count}>and {more} more</p>}
    </>
  );
}

const columns: readonly Column<AclTableRow>[] = [
  { name: 'Line', width: '64px', cell: ({ line }) => line },
  { name: 'Who', width: 'minmax(120px, 1fr)', cell: ({ who }) => <Words words={whoWords(who)} /> },
  { name: 'Access', width: '110px', cell: ({ access }) => access },
  {
    name: 'Topic',
    width: 'minmax(160px, 2fr)',
    cell: ({ topic }) => (
      <span className={`mono ${classes.lines}`} title={topic}>
        {topic}
      </span>
    ),
  },
  { name: 'As a rule', width: 'minmax(200px, 2fr)', cell: (row) => <Words words={ruleWords(row)} /> },
];

const Words = ({ words }: { words: string }) => (
  <span className={classes.lines} title={words}>
    {words}
  </span>
);

function whoWords(who: AclTableRow['who']): string {
  switch (who.kind) {
    case 'user':
      return who.username;
    case 'anonymous':
      return 'Clients without a name';
    case 'everyone':
      return 'Everyone';
  }
}

function ruleWords({ rule, differences }: AclTableRow): string {
  const beside = differences.map(aclLineDifferenceWords).join(' ');
  if (!rule) return `None. ${beside}`;
  const actions = rule.actions.map((action) => actionWords[action].toLowerCase()).join(', ');
  const words = `${rule.effect === 'deny' ? 'Deny' : 'Allow'} ${actions}`;
  return beside === '' ? words : `${words}. ${beside}`;
}
