import { Button } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { PolicyVersion } from '../../../../shared/model/policy-version.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { StatusBadge } from '../../../ui/StatusBadge.tsx';
import { dateTime } from '../../../ui/time.ts';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from '../Policy.module.css';
import { type Draft, isChanged } from '../store.ts';
import { ActivateVersion } from './ActivateVersion.tsx';
import { CompareVersions } from './CompareVersions.tsx';

export function VersionsTab({ draft }: { draft: Draft }) {
  const { versions, refresh, open } = useStore(useConsole().policy);
  const [activating, setActivating] = useState<number | null>(null);
  const [replacing, setReplacing] = useState<number | null>(null);
  return (
    <>
      <Panel title="Saved versions">
        <SnapshotView snapshot={versions} onRetry={() => void refresh()}>
          {(list) =>
            list.length === 0 ? (
              <div className={classes.dim}>None yet. “Save…” above keeps what is on the workbench.</div>
            ) : (
              <VirtualTable
                label="Saved versions"
                rows={list}
                columns={columnsOf({
                  onOpen: (version) => (isChanged(draft) ? setReplacing(version) : void open(version)),
                  onActivate: setActivating,
                })}
                keyOf={({ version }) => String(version)}
                maxHeight={360}
              />
            )
          }
        </SnapshotView>
      </Panel>
      <CompareVersions draft={draft} />
      {activating !== null && <ActivateVersion version={activating} onClose={() => setActivating(null)} />}
      {replacing !== null && (
        <ConfirmDialog
          title="Replace what is on the workbench"
          action="Replace"
          onConfirm={() => open(replacing)}
          onClose={() => setReplacing(null)}
        >
          <div>Your changes are not saved. Version {replacing} takes their place.</div>
        </ConfirmDialog>
      )}
    </>
  );
}

const columnsOf = ({
  onOpen,
  onActivate,
}: {
  onOpen: (version: number) => void;
  onActivate: (version: number) => void;
}): readonly Column<PolicyVersion>[] => [
  { name: 'Version', width: '90px', cell: ({ version }) => <strong>{version}</strong> },
  { name: 'Saved', width: '186px', cell: ({ savedAt }) => dateTime(savedAt) },
  {
    name: 'For',
    width: 'minmax(140px, 1fr)',
    cell: ({ note }) => (
      <span className={classes.lines} title={note}>
        {note || '—'}
      </span>
    ),
  },
  {
    name: 'By',
    width: 'minmax(90px, 0.5fr)',
    cell: ({ author }) => <span className={classes.lines}>{author}</span>,
  },
  {
    name: '',
    width: '280px',
    cell: ({ version, isActive }) => (
      <span className={classes.buttons}>
        {isActive ? (
          <StatusBadge tone="normal" icon={IconCircleCheck}>
            In force
          </StatusBadge>
        ) : (
          <Button onClick={() => onActivate(version)}>Put in force…</Button>
        )}
        <Button onClick={() => onOpen(version)}>Open</Button>
      </span>
    ),
  },
];
