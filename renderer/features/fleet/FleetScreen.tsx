import { Button, Loader, SegmentedControl } from '@mantine/core';
import { IconBuildingFactory2, IconFilterOff } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { type FleetBroker, plantFleetStates } from '../../../shared/model/fleet.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FilterRow, SearchField } from '../../ui/FilterRow.tsx';
import layout from '../../ui/layout.module.css';
import { FailureNotice } from '../../ui/Notice.tsx';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { useNow } from '../../ui/time.ts';
import type { Sorting } from '../../ui/VirtualTable.tsx';
import { amount, grouped } from '../monitor/words.ts';
import classes from './Fleet.module.css';
import { Refusals, Unheard } from './FleetNotices.tsx';
import { FleetTable } from './FleetTable.tsx';
import { type FleetFilter, type FleetRow, fitting, noFilter, rankedRows, rollUp } from './filter.ts';
import { SiteStrip } from './SiteStrip.tsx';
import { isAbnormal, stateSigns } from './signs.ts';

/** How every plant is right now, the worst first. */
export function FleetScreen() {
  const { plants, brokers, total, failure, clockAhead, filter, setFilter, show } = useStore(useConsole().fleet);
  // Kept while a filter that nothing fits takes the table away.
  const [sorting, setSorting] = useState<Sorting | null>(null);
  useEffect(show, [show]);
  const now = useNow(1000) + clockAhead;
  // Whether a credential is about to end need not be known to the second.
  const minute = Math.floor(now / 60_000) * 60_000;
  const ranked = useRef<readonly FleetRow[]>([]);
  const rows = useMemo(() => {
    ranked.current = rankedRows(plants, minute, ranked.current);
    return ranked.current;
  }, [plants, minute]);
  const shown = useMemo(() => fitting(rows, filter), [rows, filter]);
  const sites = useMemo(() => rollUp(rows), [rows]);
  return (
    <div className={`${layout.screen} ${layout.fixed}`}>
      <PageHeader title="Fleet" about="How every plant is right now, the worst first. Grey is as it should be." />
      {failure && <FailureNotice failure={failure} />}
      {total === null && !failure && <Loader aria-label="Loading" />}
      {total === 0 && (
        <EmptyState
          icon={IconBuildingFactory2}
          title="No plants yet"
          action={
            <Button variant="filled" component="a" href={href('plants')}>
              Open Plants
            </Button>
          }
        >
          Add the plants that shall talk to your broker; how each of them is appears here.
        </EmptyState>
      )}
      {total !== null && total > 0 && (
        <>
          <Unheard brokers={brokers} />
          <Refusals brokers={brokers} />
          {sites.length > 1 && (
            <SiteStrip sites={sites} chosen={filter.site} onChoose={(site) => setFilter({ site })} />
          )}
          <Filters rows={rows} filter={filter} onChange={setFilter} />
          {shown.length > 0 ? (
            <FleetTable rows={shown} now={now} sorting={sorting} onSort={setSorting} />
          ) : (
            <EmptyState
              icon={IconFilterOff}
              title="No plant fits the filter"
              action={<Button onClick={() => setFilter(noFilter)}>Show all plants</Button>}
            />
          )}
          <p className={classes.count} role="status">
            {shown.length === total
              ? amount(total, 'plant', 'plants')
              : `${grouped(shown.length)} of ${amount(total, 'plant', 'plants')}`}
            <Unknown brokers={brokers} />
          </p>
        </>
      )}
    </div>
  );
}

function Unknown({ brokers }: { brokers: readonly FleetBroker[] }) {
  const messages = brokers.reduce((sum, { unknown }) => sum + unknown.messages, 0);
  const ids = brokers.reduce((sum, { unknown }) => sum + unknown.ids, 0);
  if (messages === 0) return null;
  return (
    <span>
      {amount(messages, 'message', 'messages')} of {amount(ids, 'plant', 'plants')} that the register does not have
    </span>
  );
}

function Filters({
  rows,
  filter,
  onChange,
}: {
  rows: readonly FleetRow[];
  filter: FleetFilter;
  onChange: (change: Partial<FleetFilter>) => void;
}) {
  const choices = [
    { value: 'all' as const, word: 'All', count: rows.length },
    { value: 'abnormal' as const, word: 'To look at', count: rows.filter(({ tone }) => isAbnormal(tone)).length },
    ...plantFleetStates.map((state) => ({
      value: state,
      word: stateSigns[state].word,
      count: rows.filter(({ plant }) => plant.state === state).length,
    })),
  ];
  return (
    <FilterRow>
      <SearchField
        label="Search name, site or id"
        placeholder="Name, site or id"
        value={filter.query}
        onChange={(query) => onChange({ query })}
      />
      <SegmentedControl
        aria-label="State"
        value={filter.show}
        onChange={(value) => onChange({ show: choices.find((choice) => choice.value === value)?.value ?? 'all' })}
        data={choices.map(({ value, word, count }) => ({ value, label: `${word} ${count}` }))}
      />
    </FilterRow>
  );
}
