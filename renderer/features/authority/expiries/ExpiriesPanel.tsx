// What ends some day, so that nobody learns of it from an outage.

import { Button, Switch } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCalendarDown, IconCircleCheck, IconClockExclamation } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { type Expiry, expiryAdvice } from '../../../../shared/model/expiry.ts';
import { useConsole } from '../../../app/console-context.tsx';
import { href } from '../../../app/route.ts';
import { toFailure } from '../../../failure.ts';
import { EmptyState } from '../../../ui/EmptyState.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { SnapshotView } from '../../../ui/SnapshotView.tsx';
import { StatusBadge } from '../../../ui/StatusBadge.tsx';
import { saveFile } from '../../../ui/save-file.ts';
import { date, daysUntil, span, useNow } from '../../../ui/time.ts';
import { type Column, VirtualTable } from '../../../ui/VirtualTable.tsx';
import { RotateButton } from '../../deployments/campaigns/RotateButton.tsx';
import classes from './ExpiriesPanel.module.css';
import { ExpiryTimeline } from './ExpiryTimeline.tsx';
import { endsSoonDays, expiryTone, expiryWords } from './words.ts';

const columnsAt = (now: number): readonly Column<Expiry>[] => [
  {
    name: 'Ends',
    width: '126px',
    cell: ({ endsAt }) => date(endsAt),
  },
  {
    name: 'Left',
    width: '170px',
    cell: (expiry) => <Left expiry={expiry} now={now} />,
  },
  {
    name: 'What',
    width: '150px',
    cell: ({ kind }) => expiryWords[kind],
  },
  {
    name: 'Of',
    width: 'minmax(160px, 1fr)',
    cell: ({ name, site, plantId, brokerId }) => (
      <span className={classes.name} title={name}>
        {plantId ? (
          <a href={href('plants', plantId, 'security')}>{name}</a>
        ) : brokerId ? (
          <a href={href('brokers')}>{name}</a>
        ) : (
          name
        )}
        {site && <span className={classes.site}> {site}</span>}
      </span>
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

export function ExpiriesPanel() {
  const { authority, plants, brokers } = useConsole();
  const { expiries, refreshExpiries, calendarFile } = useStore(authority);
  const register = useStore(plants, (state) => state.register);
  const brokerList = useStore(brokers, (state) => state.list);
  const [isEndedShown, setEndedShown] = useState(false);
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
          <Switch
            size="md"
            label="Show what has ended"
            checked={isEndedShown}
            onChange={(event) => setEndedShown(event.currentTarget.checked)}
          />
          <RotateButton selection={{ kind: 'expiring', days: endsSoonDays }} />
          <Button leftSection={<IconCalendarDown size={18} aria-hidden />} onClick={() => void save()}>
            Calendar (.ics)
          </Button>
        </>
      }
    >
      <SnapshotView snapshot={expiries} onRetry={() => void refreshExpiries()}>
        {(all) => {
          const shown = isEndedShown ? all : all.filter(({ endsAt }) => daysUntil(endsAt, now) > 0);
          return (
            <>
              <ExpiryTimeline expiries={all} now={now} />
              {shown.length === 0 ? (
                <EmptyState icon={IconCircleCheck} title="Nothing ends" />
              ) : (
                <div className={classes.table}>
                  <VirtualTable
                    label="What ends some day"
                    rows={shown}
                    columns={columnsAt(now)}
                    keyOf={({ expiryId }) => expiryId}
                  />
                </div>
              )}
            </>
          );
        }}
      </SnapshotView>
    </Panel>
  );
}
