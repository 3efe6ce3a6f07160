import { IconAlertTriangle, IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { type Expiry, expiryAdvice } from '../../../../shared/model/expiry.ts';
import { href } from '../../../app/route.ts';
import { StatusBadge } from '../../../ui/StatusBadge.tsx';
import { date, daysUntil, span } from '../../../ui/time.ts';
import { type Column, type Sorting, sortRows, VirtualTable } from '../../../ui/VirtualTable.tsx';
import classes from './ExpiriesPanel.module.css';
import { expiryTone, expiryWords } from './words.ts';

const columnsAt = (now: number): readonly Column<Expiry>[] => [
  {
    name: 'Ends',
    width: '122px',
    sortBy: ({ endsAt }) => endsAt,
    cell: ({ endsAt }) => date(endsAt),
  },
  {
    name: 'Left',
    width: '150px',
    cell: (expiry) => <Left expiry={expiry} now={now} />,
  },
  {
    name: 'What',
    width: '132px',
    sortBy: ({ kind }) => expiryWords[kind],
    cell: ({ kind }) => expiryWords[kind],
  },
  {
    name: 'Of',
    width: 'minmax(150px, 1fr)',
    sortBy: ({ name, site }) => `${name} ${site ?? ''}`,
    cell: ({ name, site, plantId, brokerId }) => (
      <>
        <span className={classes.name} title={name}>
          {plantId ? (
            <a href={href('plants', plantId, 'security')}>{name}</a>
          ) : brokerId ? (
            <a href={href('brokers')}>{name}</a>
          ) : (
            name
          )}
        </span>
        {site && (
          <span className={classes.site} title={site}>
            {site}
          </span>
        )}
      </>
    ),
  },
  {
    name: 'What to do',
    width: 'minmax(220px, 1.8fr)',
    cell: (expiry) => (
      <span className={classes.advice} title={expiryAdvice(expiry)}>
        {expiryAdvice(expiry)}
      </span>
    ),
  },
];

function Left({ expiry: { endsAt, isOutage }, now }: { expiry: Expiry; now: number }) {
  const days = daysUntil(endsAt, now);
  const tone = expiryTone({ endsAt, isOutage }, now);
  const icon = { normal: IconCircleCheck, attention: IconClockExclamation, fault: IconAlertTriangle }[tone];
  return (
    <StatusBadge tone={tone} icon={icon}>
      {days <= 0 ? 'Ended' : span(Date.parse(endsAt) - now)}
    </StatusBadge>
  );
}

/** What ends, the soonest first until it is sorted otherwise. */
export function ExpiryTable({ expiries, now }: { expiries: readonly Expiry[]; now: number }) {
  const [sorting, setSorting] = useState<Sorting | null>({ column: 'Ends', isDescending: false });
  const columns = useMemo(() => columnsAt(now), [now]);
  const rows = useMemo(() => sortRows(expiries, columns, sorting), [expiries, columns, sorting]);
  return (
    <VirtualTable
      label="What ends some day"
      rows={rows}
      columns={columns}
      keyOf={({ expiryId }) => expiryId}
      sorting={sorting}
      onSort={setSorting}
      maxHeight={420}
    />
  );
}
