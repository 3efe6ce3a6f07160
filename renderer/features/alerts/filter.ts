import type { Alert, AlertKind } from '../../../shared/model/alert.ts';
import { whatWords } from './words.ts';

export type AlertFilter = {
  /** current: what is open, and what nobody has acknowledged. */
  readonly show: 'current' | 'all';
  readonly kind: AlertKind | 'all';
  readonly query: string;
};
export const noFilter: AlertFilter = { show: 'current', kind: 'all', query: '' };

const isCurrent = ({ endedAt, acknowledgedAt }: Alert): boolean => endedAt === null || acknowledgedAt === null;

/** The log in the order of time, the newest first; what is current in the order of urgency, as it came. */
export function fitting(alerts: readonly Alert[], { show, kind, query }: AlertFilter): readonly Alert[] {
  const wanted = query.trim().toLowerCase();
  const rows = alerts.filter(
    (alert) =>
      (show === 'all' || isCurrent(alert)) &&
      (kind === 'all' || alert.kind === kind) &&
      [alert.ruleName, alert.plantName ?? '', alert.brokerName, whatWords(alert)].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
  );
  return show === 'current' ? rows : rows.toSorted((a, b) => b.raisedAt.localeCompare(a.raisedAt));
}
