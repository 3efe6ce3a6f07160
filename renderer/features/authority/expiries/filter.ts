// Which of all that ends is listed.

import type { Expiry, ExpiryKind } from '../../../../shared/model/expiry.ts';
import { daysUntil } from '../../../ui/time.ts';

export const expiryGroups = ['certificates', 'crls', 'tokens', 'tokenKeys', 'authorities'] as const;
export type ExpiryGroup = (typeof expiryGroups)[number];

const groupOf: Record<ExpiryKind, ExpiryGroup> = {
  authority: 'authorities',
  crl: 'crls',
  broker: 'certificates',
  device: 'certificates',
  console: 'certificates',
  registered: 'certificates',
  token: 'tokens',
  tokenKey: 'tokenKeys',
};

export type ExpiryFilter = {
  /** null: of every kind. */
  readonly group: ExpiryGroup | null;
  /** Part of a name or site. */
  readonly query: string;
  /** What has ended is history, and hidden by default. */
  readonly isEndedShown: boolean;
};

export const noFilter: ExpiryFilter = { group: null, query: '', isEndedShown: false };

/** In the order that they came. */
export function filterExpiries(
  expiries: readonly Expiry[],
  { group, query, isEndedShown }: ExpiryFilter,
  now: number,
): readonly Expiry[] {
  const wanted = query.trim().toLocaleLowerCase();
  return expiries.filter(
    ({ kind, name, site, endsAt }) =>
      (group === null || groupOf[kind] === group) &&
      (isEndedShown || daysUntil(endsAt, now) > 0) &&
      `${name} ${site ?? ''}`.toLocaleLowerCase().includes(wanted),
  );
}

/** How many of each group there are. */
export function countGroups(expiries: readonly Expiry[]): ReadonlyMap<ExpiryGroup, number> {
  const counts = new Map<ExpiryGroup, number>();
  for (const { kind } of expiries) counts.set(groupOf[kind], (counts.get(groupOf[kind]) ?? 0) + 1);
  return counts;
}
