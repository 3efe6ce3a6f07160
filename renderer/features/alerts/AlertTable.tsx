import { Button, Table } from '@mantine/core';
import type { Alert } from '../../../shared/model/alert.ts';
import { useConsole } from '../../app/console-context.tsx';
import { FailureNotice } from '../../ui/Notice.tsx';
import { SignBadge } from '../../ui/StatusBadge.tsx';
import { dateTime, timeOfDay } from '../../ui/time.ts';
import { useAction } from '../../ui/use-action.ts';
import classes from './Alerts.module.css';
import { alertSign } from './words.ts';

/** Alerts, one a line. */
export function AlertTable({ label, alerts }: { label: string; alerts: readonly Alert[] }) {
  const { client, alerts: store } = useConsole();
  const acknowledging = useAction();
  const acknowledge = ({ alertId }: Alert) =>
    void acknowledging.run(async () => {
      await client.alerts.acknowledge({ alertId });
      await store.getState().refresh();
    });
  return (
    <>
      {acknowledging.failure && <FailureNotice failure={acknowledging.failure} />}
      <div className={classes.table}>
        <Table verticalSpacing={8} aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>State</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th>Broker</Table.Th>
              <Table.Th>Raised</Table.Th>
              <Table.Th>Times</Table.Th>
              <Table.Th>Ended</Table.Th>
              <Table.Th>Acknowledged</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {alerts.map((alert) => (
              <Table.Tr key={alert.alertId}>
                <Table.Td>
                  <SignBadge sign={alertSign(alert)} />
                </Table.Td>
                <Table.Td className={classes.text}>
                  <strong>{alert.ruleName}</strong>
                  <span className={classes.what}>{alert.what}</span>
                </Table.Td>
                <Table.Td className={classes.text}>{alert.value ?? ''}</Table.Td>
                <Table.Td className={classes.text}>{alert.brokerName || 'Any'}</Table.Td>
                <Table.Td>{dateTime(alert.raisedAt)}</Table.Td>
                <Table.Td title={`Last at ${timeOfDay(alert.lastAt)}`}>{alert.count}</Table.Td>
                <Table.Td>{alert.endedAt === null ? '' : dateTime(alert.endedAt)}</Table.Td>
                <Table.Td>
                  {alert.acknowledgedBy !== null && <span className={classes.text}>{alert.acknowledgedBy}</span>}
                  {alert.acknowledgedBy === null && alert.endedAt === null && (
                    <Button disabled={acknowledging.isBusy} onClick={() => acknowledge(alert)}>
                      Acknowledge
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  );
}
