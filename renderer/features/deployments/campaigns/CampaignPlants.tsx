import { SegmentedControl, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { CampaignRowView } from '../../../../shared/model/campaign.ts';
import { href } from '../../../app/route.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { dateTime, span } from '../../../ui/time.ts';
import { type Column, type Sorting, sortRows, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from './CampaignPlants.module.css';
import { RowSign } from './CampaignSign.tsx';
import { FailureReasons } from './FailureReasons.tsx';
import { failureReasons } from './failure-reasons.ts';
import { rowWords } from './words.ts';

const outcomeWords = {
  verified: 'Heard at the broker with its new credential.',
  installed: 'On the device; not heard yet.',
} as const;

function toldOf({ state, outcome, error }: CampaignRowView): string {
  if (error) return error.detail;
  if (outcome) return outcomeWords[outcome];
  return state === 'skipped' ? 'The campaign was cancelled before its turn.' : '';
}

const columnsAt = (now: number): readonly Column<CampaignRowView>[] => [
  {
    name: 'Plant',
    width: 'minmax(170px, 1fr)',
    sortBy: ({ plantName }) => plantName,
    cell: ({ plantId, plantName }) => (
      <a className={classes.name} href={href('plants', plantId, 'device')} title={plantName}>
        {plantName}
      </a>
    ),
  },
  {
    name: 'State',
    width: '150px',
    sortBy: ({ state }) => rowWords[state],
    cell: ({ state }) => <RowSign state={state} />,
  },
  {
    name: 'Tries',
    width: '84px',
    sortBy: ({ attempts }) => String(attempts),
    cell: ({ attempts }) => attempts,
  },
  {
    name: 'What came of it',
    width: 'minmax(180px, 2.2fr)',
    sortBy: toldOf,
    cell: (row) => (
      <span className={classes.told} data-failed={row.state === 'failed' || undefined} title={toldOf(row)}>
        {toldOf(row)}
      </span>
    ),
  },
  {
    name: 'When',
    width: 'minmax(116px, 0.9fr)',
    sortBy: ({ finishedAt, startedAt }) => finishedAt ?? startedAt ?? '',
    cell: ({ startedAt, finishedAt }) => {
      if (finishedAt) return dateTime(finishedAt);
      return startedAt ? `for ${span(now - Date.parse(startedAt))}` : '';
    },
  },
];

/** Each plant of a campaign, and what came of it. */
export function CampaignPlants({ rows, now }: { rows: readonly CampaignRowView[]; now: number }) {
  const [isFailedOnly, setFailedOnly] = useState(false);
  const [reason, setReason] = useState<string | null>(null);
  const [query, setQuery] = useState('');
  const [sorting, setSorting] = useState<Sorting | null>(null);
  const failed = rows.filter(({ state }) => state === 'failed');
  const wanted = query.trim().toLowerCase();
  const reasons = failureReasons(failed);
  // A reason that the last of its plants left is asked for no more.
  const wantedReason = reasons.find(({ code }) => code === reason)?.code ?? null;
  const chosen = isFailedOnly
    ? failed.filter(({ error }) => wantedReason === null || error?.code === wantedReason)
    : rows;
  const shown = chosen.filter(({ plantName }) => plantName.toLowerCase().includes(wanted));
  const columns = columnsAt(now);
  return (
    <>
      <div className={classes.bar}>
        <SegmentedControl
          aria-label="Which plants"
          value={isFailedOnly ? 'failed' : ''}
          onChange={(value) => setFailedOnly(value === 'failed')}
          data={[
            { value: '', label: `All (${rows.length})` },
            { value: 'failed', label: `Failed only (${failed.length})` },
          ]}
        />
        <TextInput
          className={classes.search}
          aria-label="Search a plant"
          placeholder="Search a plant"
          leftSection={<IconSearch size={20} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      {isFailedOnly && <FailureReasons reasons={reasons} chosen={wantedReason} onChoose={setReason} />}
      {shown.length === 0 ? (
        <Panel>{isFailedOnly && failed.length === 0 ? 'None has failed.' : 'No plant fits the search.'}</Panel>
      ) : (
        <div className={classes.table}>
          <VirtualTable
            label="Plants of the campaign"
            rows={sortRows(shown, columns, sorting)}
            columns={columns}
            keyOf={({ plantId }) => plantId}
            sorting={sorting}
            onSort={setSorting}
          />
        </div>
      )}
    </>
  );
}
