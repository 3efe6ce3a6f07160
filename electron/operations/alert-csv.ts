// The log of alerts as CSV (RFC 4180) for a spreadsheet.

import type { Alert } from '../../shared/model/alert.ts';
import { csvCell } from '../../shared/model/csv-cell.ts';
import { visibleText } from '../../shared/model/visible-text.ts';
import { endOfSlice } from '../platform/slices.ts';
import type { OperationContext } from './context.ts';

const columns = {
  began: ({ raisedAt }) => raisedAt,
  ended: ({ endedAt }) => endedAt ?? '',
  seconds: ({ raisedAt, endedAt }) =>
    endedAt === null ? '' : String(Math.round((Date.parse(endedAt) - Date.parse(raisedAt)) / 1000)),
  kind: ({ kind }) => kind,
  rule: ({ ruleName }) => ruleName,
  broker: ({ brokerName }) => brokerName,
  plant: ({ plantName }) => plantName ?? '',
  plantId: ({ plantId }) => plantId ?? '',
  what: ({ what }) => what,
  value: ({ value }) => value ?? '',
  times: ({ count }) => String(count),
  lastTold: ({ lastAt }) => lastAt,
  plantClock: ({ saidAt }) => saidAt ?? '',
  acknowledgedBy: ({ acknowledgedBy }) => acknowledgedBy ?? '',
  acknowledgedAt: ({ acknowledgedAt }) => acknowledgedAt ?? '',
} as const satisfies Readonly<Record<string, (alert: Alert) => string>>;

const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;

/** All of it, open ones first. Times as ISO 8601 in UTC. In slices: each alert is there once, whatever ends meanwhile. */
export async function alertCsv({ vault }: Pick<OperationContext, 'vault'>): Promise<string> {
  const pause = endOfSlice();
  const lines = [line(Object.keys(columns))];
  for (const alertId of vault.alerts.ids()) {
    const alert = vault.alerts.get(alertId);
    if (alert) lines.push(line(Object.values(columns).map((of) => csvCell(visibleText(of(alert))))));
    await pause();
  }
  return lines.join('');
}
