import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconBell, IconChecks, IconDownload, IconFilterOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { type AlertOverview, alertKinds } from '../../../shared/model/alert.ts';
import { useConsole } from '../../app/console-context.tsx';
import { href } from '../../app/route.ts';
import { readyValue } from '../../app/snapshot.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { FilterRow, SearchField } from '../../ui/FilterRow.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { date } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import { amount } from '../monitor/words.ts';
import classes from './Alerts.module.css';
import { AlertTable } from './AlertTable.tsx';
import { type AlertFilter, fitting, noFilter } from './filter.ts';
import { kindWords } from './words.ts';

/** What was told of: first what is open or was seen by nobody, and all of it as the log. */
export function AlertsPanel({ known }: { known: AlertOverview }) {
  const [filter, setFilter] = useState<AlertFilter>(noFilter);
  const { alerts, total } = known;
  const rows = fitting(alerts, filter);
  const isNarrowed = filter.kind !== 'all' || filter.query !== '';
  return (
    <Panel title="Alerts" actions={<Actions known={known} />}>
      {total > 0 && <Filters known={known} filter={filter} onChange={setFilter} />}
      {rows.length > 0 ? (
        <AlertTable label={filter.show === 'current' ? 'Open or unseen alerts' : 'Log of alerts'} alerts={rows} />
      ) : isNarrowed ? (
        <EmptyState
          icon={IconFilterOff}
          title="No alert fits the filter"
          action={<Button onClick={() => setFilter({ ...noFilter, show: filter.show })}>Show all</Button>}
        />
      ) : (
        <EmptyState icon={IconBell} title={filter.show === 'current' ? 'No alert is open' : 'No alert yet'} />
      )}
      {alerts.length < total && (
        <p className={classes.dim}>
          {alerts.length} of {total} are shown, open and unseen ones first. The CSV file has all.
        </p>
      )}
      <Left known={known} />
    </Panel>
  );
}

function Filters({
  known: { total, current },
  filter,
  onChange,
}: {
  known: AlertOverview;
  filter: AlertFilter;
  onChange: (filter: AlertFilter) => void;
}) {
  const change = (part: Partial<AlertFilter>) => onChange({ ...filter, ...part });
  return (
    <FilterRow>
      <SegmentedControl
        aria-label="Show"
        value={filter.show}
        onChange={(show) => change({ show: show === 'all' ? 'all' : 'current' })}
        data={[
          { value: 'current', label: `Open or unseen (${current})` },
          { value: 'all', label: `Log (${total})` },
        ]}
      />
      <Select
        aria-label="Kind"
        allowDeselect={false}
        value={filter.kind}
        onChange={(value) => change({ kind: alertKinds.find((kind) => kind === value) ?? 'all' })}
        data={[
          { value: 'all', label: 'Every kind' },
          ...alertKinds.map((kind) => ({ value: kind, label: kindWords[kind] })),
        ]}
      />
      <SearchField
        label="Search alerts"
        placeholder="Rule, plant, broker or text"
        value={filter.query}
        onChange={(query) => change({ query })}
      />
    </FilterRow>
  );
}

function Actions({ known: { alerts, total, unacknowledged } }: { known: AlertOverview }) {
  const { client, alerts: store } = useConsole();
  const action = useAction();
  // What came after these were shown stays.
  const newest = alerts.reduce((latest, { lastAt }) => (lastAt > latest ? lastAt : latest), '');
  const acknowledgeAll = async () => {
    await client.alerts.acknowledgeAll({ until: newest });
    await store.getState().refresh();
  };
  const save = async () => {
    const csv = await client.alerts.csv();
    saveFile(new Blob([csv], { type: 'text/csv' }), `alerts-${date(new Date().toISOString())}.csv`);
  };
  return (
    <>
      {action.failure && <FailureNotice failure={action.failure} />}
      {unacknowledged > 0 && (
        <Button
          leftSection={<IconChecks size={18} aria-hidden />}
          disabled={action.isBusy}
          onClick={() => void action.run(acknowledgeAll)}
        >
          Acknowledge all ({unacknowledged})
        </Button>
      )}
      {total > 0 && (
        <Button
          leftSection={<IconDownload size={18} aria-hidden />}
          disabled={action.isBusy}
          onClick={() => void action.run(save)}
        >
          Save as CSV
        </Button>
      )}
    </>
  );
}

/** What was not looked at, not kept or not believed. Never silently. */
function Left({ known: { skipped, notKept, unbelieved, unbelievedPlants } }: { known: AlertOverview }) {
  const plants = readyValue(useStore(useConsole().plants).register)?.items ?? [];
  const names = unbelievedPlants.map((id) => plants.find(({ plantId }) => plantId === id)?.name ?? id);
  const parts = [
    skipped > 0 && `${amount(skipped, 'message', 'messages')} came too fast, or too large, to be judged`,
    notKept > 0 && `${amount(notKept, 'alert', 'alerts')} found no room beside those that are open`,
  ].filter((part) => part !== false);
  return (
    <>
      {parts.length > 0 && <p className={classes.dim}>{parts.join('; ')}.</p>}
      {unbelieved > 0 && (
        <p className={classes.dim}>
          {amount(unbelieved, 'alarm was not believed', 'alarms were not believed')}, in the name of {names.join(', ')}:
          wrongly signed, or recorded and sent again. See <a href={href('fleet')}>Fleet</a>.
        </p>
      )}
    </>
  );
}
