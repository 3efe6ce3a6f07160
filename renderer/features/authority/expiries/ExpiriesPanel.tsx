// What ends some day, so that nobody learns of it from an outage.

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCalendarDown, IconCircleCheck, IconFilterOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useConsole } from '../../../app/console-context.tsx';
import { toFailure } from '../../../failure.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { useNow } from '../../../ui/time.ts';
import { RotateButton } from '../../deployments/campaigns/RotateButton.tsx';
import { ExpiryFilters } from './ExpiryFilters.tsx';
import { ExpiryTable } from './ExpiryTable.tsx';
import { ExpiryTimeline } from './ExpiryTimeline.tsx';
import { countGroups, filterExpiries, noFilter } from './filter.ts';
import { endsSoonDays } from './words.ts';

export function ExpiriesPanel() {
  const { authority, plants, brokers } = useConsole();
  const { expiries, refreshExpiries, calendarFile } = useStore(authority);
  const register = useStore(plants, (state) => state.register);
  const brokerList = useStore(brokers, (state) => state.list);
  const [filter, setFilter] = useState(noFilter);
  const now = useNow(60_000);
  useEffect(() => {
    if (register.status === 'ready' && brokerList.status === 'ready') void refreshExpiries();
  }, [register, brokerList, refreshExpiries]);
  const save = () =>
    calendarFile().then(
      (file) => saveFile(file, file.name),
      (error) => notifications.show({ color: 'red', message: toFailure(error).sentence }),
    );
  return (
    <Panel
      title="What ends some day"
      actions={
        <>
          <RotateButton selection={{ kind: 'expiring', days: endsSoonDays }} />
          <Button leftSection={<IconCalendarDown size={18} aria-hidden />} onClick={() => void save()}>
            Calendar (.ics)
          </Button>
        </>
      }
    >
      <SnapshotView snapshot={expiries} onRetry={() => void refreshExpiries()}>
        {(all) => {
          const shown = filterExpiries(all, filter, now);
          const ofEveryKind = filterExpiries(all, { ...filter, group: null }, now);
          return (
            <>
              <ExpiryTimeline expiries={shown} now={now} />
              <ExpiryFilters
                filter={filter}
                counts={countGroups(ofEveryKind)}
                shown={shown.length}
                total={all.length}
                onChange={setFilter}
              />
              {shown.length > 0 ? (
                <ExpiryTable expiries={shown} now={now} />
              ) : all.length > 0 ? (
                <EmptyState
                  icon={IconFilterOff}
                  title="Nothing that ends fits the filter"
                  action={
                    <Button onClick={() => setFilter({ ...noFilter, isEndedShown: filter.isEndedShown })}>
                      Show everything
                    </Button>
                  }
                />
              ) : (
                <EmptyState icon={IconCircleCheck} title="Nothing ends" />
              )}
            </>
          );
        }}
      </SnapshotView>
    </Panel>
  );
}
