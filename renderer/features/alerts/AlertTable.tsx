import { Button } from '@mantine/core';
import type { Alert } from '../../../shared/model/alert.ts';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { SignBadge } from '../../ui/StatusBadge.tsx';
import { date, dateTime, span, timeOfDay, useNow } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import { useIsNarrow } from '../../ui/use-is-narrow.ts';
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx';
import classes from './Alerts.module.css';
import { alertSign, whatWords } from './words.ts';

/** A plant's clock that is off by more than this is worth a word. */
const clockOffMs = 5 * 60_000;

/** Alerts, one a line: what, where, from when to when, and who has seen it. */
export function AlertTable({ label, alerts }: { label: string; alerts: readonly Alert[] }) {
  const { client, alerts: store } = useConsole();
  const acknowledging = useAction();
  const now = useNow(1000);
  const isNarrow = useIsNarrow();
  const acknowledge = ({ alertId }: Alert) =>
    void acknowledging.run(async () => {
      await client.alerts.acknowledge({ alertId });
      await store.getState().refresh();
    });
  const columns: readonly Column<Alert>[] = [
    { name: 'State', width: '184px', cell: (alert) => <SignBadge sign={alertSign(alert)} /> },
    { name: 'What', width: 'minmax(200px, 1fr)', cell: (alert) => <What alert={alert} /> },
    ...(isNarrow
      ? [{ name: 'Began', width: '136px', cell: (alert: Alert) => <BeganAndEnded alert={alert} now={now} /> }]
      : [
          { name: 'Began', width: '138px', cell: (alert: Alert) => <Began alert={alert} /> },
          { name: 'Ended', width: '144px', cell: (alert: Alert) => <Ended alert={alert} now={now} /> },
        ]),
    {
      name: 'Acknowledged',
      width: '180px',
      cell: (alert) =>
        alert.acknowledgedAt === null ? (
          <Button px={14} disabled={acknowledging.isBusy} onClick={() => acknowledge(alert)}>
            Acknowledge
          </Button>
        ) : (
          <TwoLines first={alert.acknowledgedBy ?? ''} second={dateTime(alert.acknowledgedAt)} />
        ),
    },
  ];
  return (
    <>
      {acknowledging.failure && <FailureNotice failure={acknowledging.failure} />}
      <VirtualTable label={label} rows={alerts} columns={columns} keyOf={({ alertId }) => alertId} maxHeight={420} />
    </>
  );
}

function What({ alert }: { alert: Alert }) {
  const { ruleName, plantName, brokerName, count, lastAt } = alert;
  const who = plantName ?? ruleName;
  const rest = [...(plantName === null ? [] : [ruleName]), ...(brokerName === '' ? [] : [brokerName])];
  const times = count > 1 ? ` · ${count} times, last at ${timeOfDay(lastAt)}` : '';
  const what = `${whatWords(alert)}${times}`;
  return (
    <div title={`${[who, ...rest].join(' · ')}\n${what}`}>
      <span className={classes.line}>
        <strong>{who}</strong>
        <span className={classes.rest}>{rest.map((word) => ` · ${word}`)}</span>
      </span>
      <span className={classes.second}>{what}</span>
    </div>
  );
}

function Began({ alert: { raisedAt, saidAt } }: { alert: Alert }) {
  const isOff = saidAt !== null && Math.abs(Date.parse(saidAt) - Date.parse(raisedAt)) > clockOffMs;
  return (
    <TwoLines
      first={timeOfDay(raisedAt)}
      second={isOff ? `plant: ${date(saidAt)}` : date(raisedAt)}
      {...(isOff && {
        title: `The plant says ${dateTime(saidAt)}: its clock may be wrong, or the broker had kept the alarm.`,
      })}
    />
  );
}

function BeganAndEnded({ alert: { raisedAt, endedAt }, now }: { alert: Alert; now: number }) {
  const began = Date.parse(raisedAt);
  return (
    <TwoLines
      first={timeOfDay(raisedAt)}
      second={endedAt === null ? `open for ${span(now - began)}` : `over after ${span(Date.parse(endedAt) - began)}`}
      title={`Began ${dateTime(raisedAt)}${endedAt === null ? '' : `, ended ${dateTime(endedAt)}`}`}
    />
  );
}

function Ended({ alert: { raisedAt, endedAt }, now }: { alert: Alert; now: number }) {
  const began = Date.parse(raisedAt);
  return endedAt === null ? (
    <TwoLines first="Still open" second={`for ${span(now - began)}`} />
  ) : (
    <TwoLines first={`after ${span(Date.parse(endedAt) - began)}`} second={dateTime(endedAt)} />
  );
}

function TwoLines({ first, second, title }: { first: string; second: string; title?: string }) {
  return (
    <div title={title}>
      <span className={classes.line}>{first}</span>
      <span className={classes.second}>{second}</span>
    </div>
  );
}
