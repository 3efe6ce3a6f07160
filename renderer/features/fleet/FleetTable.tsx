import { Button } from '@mantine/core';
import { IconListTree } from '@tabler/icons-react';
import type { FleetPlant } from '../../../shared/model/fleet.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href, navigate } from '../../app/route.ts';
import { SignBadge } from '../../ui/StatusBadge.tsx';
import { ago, dateTime, span } from '../../ui/time.ts';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import { type Column, type Sorting, sortRows, VirtualTable } from '../../ui/VirtualTable.tsx';
import { grouped, rateWords } from '../monitor/words.ts';
import { ExpiryText } from '../plants/words.tsx';
import classes from './Fleet.module.css';
import type { FleetRow } from './filter.ts';
import { problemSigns, problemWords, sortedProblems, stateSign } from './signs.ts';

/** Where there is little room, a plant's site stands below its name, and its rate is left to its topics. */
const columnsAt = (now: number, isNarrow: boolean): readonly Column<FleetRow>[] => {
  const site: Column<FleetRow> = {
    name: 'Site',
    width: 'minmax(84px, 1fr)',
    sortBy: ({ plant }) => plant.site ?? '',
    cell: ({ plant }) => (
      <span className={classes.line} title={plant.site ?? undefined}>
        {plant.site ?? '—'}
      </span>
    ),
  };
  const rate: Column<FleetRow> = {
    name: 'Rate',
    width: '70px',
    sortBy: ({ plant }) => plant.rate.toFixed(4),
    cell: ({ plant }) => <span className={classes.number}>{rateWords(plant.rate) || '—'}</span>,
  };
  return [
    {
      name: 'State',
      width: '158px',
      sortBy: ({ plant }) => stateSign(plant).word,
      cell: ({ plant }) => <SignBadge sign={stateSign(plant)} />,
    },
    {
      name: 'Plant',
      width: 'minmax(118px, 1.8fr)',
      sortBy: ({ plant }) => plant.name,
      cell: ({ plant }) => <PlantName plant={plant} showsSite={isNarrow} />,
    },
    ...(isNarrow ? [] : [site]),
    {
      name: 'Problems',
      width: 'minmax(204px, 1.4fr)',
      sortBy: ({ plant }) => sortedProblems(plant.problems).map(problemWords).join(),
      cell: (row) => <Problems row={row} />,
    },
    {
      name: 'Last seen',
      width: isNarrow ? '116px' : 'minmax(118px, 0.6fr)',
      sortBy: ({ plant }) => plant.lastSeenAt ?? '',
      cell: (row) => <LastSeen row={row} now={now} />,
    },
    ...(isNarrow ? [] : [rate]),
    {
      name: 'Credential ends',
      width: isNarrow ? '114px' : '122px',
      sortBy: ({ plant }) => plant.credentialExpiresAt ?? '9999',
      cell: ({ plant }) => <ExpiryText at={plant.credentialExpiresAt} method={plant.authMethod} now={now} />,
    },
    { name: 'Live', width: isNarrow ? '66px' : '72px', cell: (row) => <TopicsButton row={row} /> },
  ];
};

function PlantName({ plant, showsSite }: { plant: FleetPlant; showsSite: boolean }) {
  const words = [
    ...(plant.status === 'ACTIVE' ? [] : [plant.status === 'REVOKED' ? 'revoked' : 'pending']),
    ...(showsSite && plant.site !== null ? [plant.site] : [plant.plantId.slice(0, 8)]),
  ];
  return (
    <>
      <a className={classes.line} href={href('plants', plant.plantId)} title={plant.name}>
        {plant.name}
      </a>
      <span className={classes.second} title={plant.plantId}>
        {words.join(' · ')}
      </span>
    </>
  );
}

function LastSeen({ row: { plant }, now }: { row: FleetRow; now: number }) {
  const { lastSeenAt, refusedAt, lastTopics, state, staleAfterSeconds } = plant;
  return (
    <>
      <span className={classes.line} title={lastSeenAt ? dateTime(lastSeenAt) : undefined}>
        {lastSeenAt ? ago(lastSeenAt, now) : 'never'}
      </span>
      <span className={classes.second}>
        {refusedAt
          ? `refused ${ago(refusedAt, now)}`
          : state === 'stale'
            ? `usual: ${span((staleAfterSeconds * 1000) / 3)}`
            : lastTopics[0]}
      </span>
    </>
  );
}

/** The worst as a sign, the others below it in words; what nobody checked is no problem, but no proof either. */
function Problems({ row: { plant } }: { row: FleetRow }) {
  const [worst, ...others] = sortedProblems(plant.problems);
  const unchecked = plant.unchecked > 0 ? [`${grouped(plant.unchecked)} not checked`] : [];
  if (!worst) {
    return (
      <span className={classes.dim} title={unchecked.length > 0 ? whyUnchecked : undefined}>
        {unchecked[0] ?? '—'}
      </span>
    );
  }
  const below = [...(worst.words === null ? [] : [worst.words]), ...others.map(problemWords), ...unchecked].join(' · ');
  const { word, ...sign } = problemSigns[worst.kind];
  return (
    <>
      <SignBadge sign={{ ...sign, word: worst.count > 1 ? `${word} (${worst.count})` : word }} />
      {below && (
        <span className={classes.second} title={below}>
          {below}
        </span>
      )}
    </>
  );
}

function TopicsButton({ row: { plant } }: { row: FleetRow }) {
  const { monitor } = useConsole();
  const { brokerId } = plant;
  if (brokerId === null) return null;
  const open = () => {
    // What is searched for belongs to the broker that is shown.
    monitor.getState().show(brokerId)();
    monitor.getState().search(plant.plantId, []);
    navigate(href('live', brokerId));
  };
  return (
    <Button size="compact-md" aria-label={`Topics of ${plant.name}`} title="Its topics" onClick={open}>
      <IconListTree size={20} aria-hidden />
    </Button>
  );
}

const whyUnchecked =
  'Messages whose signature was not checked: more came than are checked in a second, or the secret is not in this vault.';

export function FleetTable({
  rows,
  now,
  sorting,
  onSort,
}: {
  rows: readonly FleetRow[];
  now: number;
  sorting: Sorting | null;
  onSort: (sorting: Sorting) => void;
}) {
  const columns = columnsAt(now, useIsNarrow());
  return (
    <VirtualTable
      label="Fleet"
      rows={sortRows(rows, columns, sorting)}
      columns={columns}
      keyOf={({ plant }) => plant.plantId}
      sorting={sorting}
      onSort={onSort}
    />
  );
}
