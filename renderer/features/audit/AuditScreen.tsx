import { Button, Group, Table } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconHistory,
  IconLink,
  IconLinkOff,
  IconRefresh,
} from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../app/console-context.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import layout from '../../ui/layout.module.css';
import { Notice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { SnapshotView } from '../../ui/SnapshotView.tsx';
import { StatusBadge } from '../../ui/StatusBadge.tsx';
import { dateTime } from '../../ui/time.ts';
import classes from './AuditScreen.module.css';
import { type AuditEntry, type AuditTrail, auditPageSize } from './store.ts';

/** Who did what and when; each line carries the hash of the one before. */
export function AuditScreen() {
  const { trail, refresh } = useStore(useConsole().audit);
  useEffect(() => void refresh(), [refresh]);
  return (
    <div className={layout.screen}>
      <PageHeader
        title="Audit trail"
        about="Everything that was done with this vault. Each line holds the hash of the line before, so that a change to the past shows."
      >
        <Button leftSection={<IconRefresh size={18} aria-hidden />} onClick={() => void refresh()}>
          Read again
        </Button>
      </PageHeader>
      <SnapshotView snapshot={trail} onRetry={() => void refresh()}>
        {(known) => <Trail trail={known} />}
      </SnapshotView>
    </div>
  );
}

function Trail({ trail: { items, total, firstBroken } }: { trail: AuditTrail }) {
  const { page, setPage } = useStore(useConsole().audit);
  if (total === 0) return <EmptyState icon={IconHistory} title="Nothing was done yet" />;
  const from = page * auditPageSize;
  return (
    <>
      {firstBroken === null ? (
        <Group>
          <StatusBadge tone="normal" icon={IconLink}>
            Chain whole, {total} lines
          </StatusBadge>
        </Group>
      ) : (
        <Notice tone="fault">
          <IconLinkOff size={18} aria-hidden /> The chain is broken from line {firstBroken} on: the vault file was
          changed by something other than this console.
        </Notice>
      )}
      <div className={classes.table}>
        <Table className={classes.lines} verticalSpacing={10} horizontalSpacing={14}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Line</Table.Th>
              <Table.Th>When</Table.Th>
              <Table.Th>Who</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>To what</Table.Th>
              <Table.Th>Details</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((entry) => (
              <Line
                key={entry.sequence}
                entry={entry}
                isBroken={firstBroken !== null && entry.sequence >= firstBroken}
              />
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Group>
        <Button
          leftSection={<IconChevronLeft size={18} aria-hidden />}
          disabled={page === 0}
          onClick={() => setPage(page - 1)}
        >
          Newer
        </Button>
        <span>
          {from + 1} to {from + items.length} of {total}
        </span>
        <Button
          rightSection={<IconChevronRight size={18} aria-hidden />}
          disabled={from + items.length >= total}
          onClick={() => setPage(page + 1)}
        >
          Older
        </Button>
      </Group>
    </>
  );
}

function Line({ entry, isBroken }: { entry: AuditEntry; isBroken: boolean }) {
  const { sequence, at, actor, action, subject, details, hash } = entry;
  return (
    <Table.Tr data-broken={isBroken || undefined} className={classes.line} title={`hash ${hash}`}>
      <Table.Td>{sequence}</Table.Td>
      <Table.Td className={classes.nowrap}>{dateTime(at)}</Table.Td>
      <Table.Td>{actor}</Table.Td>
      <Table.Td className={classes.nowrap}>
        <strong>{action}</strong>
      </Table.Td>
      <Table.Td className="mono">{subject}</Table.Td>
      <Table.Td className={classes.details}>
        {Object.entries(details).map(([name, value]) => (
          <span key={name}>
            {name}: {Array.isArray(value) ? value.join(', ') : String(value)}
          </span>
        ))}
      </Table.Td>
    </Table.Tr>
  );
}
