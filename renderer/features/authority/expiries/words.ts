import type { Expiry, ExpiryKind } from '../../../../shared/model/expiry.ts';
import { daysUntil } from '../../../ui/time.ts';

export const expiryWords: Record<ExpiryKind, string> = {
  authority: 'Authority',
  crl: 'Revocation list',
  broker: 'Broker',
  device: 'Plant',
  console: 'Console',
  registered: 'Certificate not held here',
  token: 'Token',
  tokenKey: 'Token key',
};

/** Days before its end from which something asks for attention. */
export const endsSoonDays = 30;

/** Whose end stops nobody is never a fault. */
export function expiryTone(
  { endsAt, isOutage }: Pick<Expiry, 'endsAt' | 'isOutage'>,
  now: number,
): 'normal' | 'attention' | 'fault' {
  const days = daysUntil(endsAt, now);
  if (days > endsSoonDays || !isOutage) return 'normal';
  return days <= 0 ? 'fault' : 'attention';
}

/** The end that stops somebody first, of those that have not come; null when there is none. */
export const nextOutage = (expiries: readonly Expiry[], now: number): Expiry | null =>
  expiries.find(({ isOutage, endsAt }) => isOutage && daysUntil(endsAt, now) > 0) ?? null;
