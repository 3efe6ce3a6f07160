// When certificates begin and end.
// - PLCs boot with a clock in the past, and a broker's may be slow: a root and a CRL begin a day early,
//   a leaf begins with its authority.
// - A leaf never outlives its authority. Days that were asked for are given or refused; the default is shortened.

import { ConsoleError } from '../../shared/model/errors.ts';
import { sequence, time } from './der.ts';

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** A real-time clock that holds local time is up to 14 hours off; a day covers that. */
const clockAllowanceMs = 24 * 60 * 60 * 1000;

/** `9999-12-31T23:59:59Z`, beyond which X.509 has no dates. */
const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59);

/** X.509 times are whole seconds. */
const wholeSeconds = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);

export const beforeAllowance = (now: Date): Date => wholeSeconds(now.getTime() - clockAllowanceMs);

/** `days` after `now`. Throws `authority/invalid-validity` for anything but 1 or more whole days before the year 10000. */
export function daysAfter(now: Date, days: number): Date {
  const end = now.getTime() + days * 24 * 60 * 60 * 1000;
  if (!Number.isInteger(days) || days < 1 || !(end <= endOfTime)) {
    throw new ConsoleError('authority/invalid-validity', {
      because: 'the validity is a whole number of days, 1 or more',
      fields: [{ field: 'validityDays', message: 'must be a whole number of days, 1 or more' }],
    });
  }
  return wholeSeconds(end);
}

export const authorityValidity = (now: Date, days: number): Validity => ({
  notBefore: beforeAllowance(now),
  notAfter: daysAfter(now, days),
});

/** From the issuer's own beginning. `days` undefined stands for `defaultDays`, or less when the issuer ends before. */
export function leafValidity(now: Date, days: number | undefined, defaultDays: number, issuer: Validity): Validity {
  if (now >= issuer.notAfter) {
    throw new ConsoleError('authority/invalid-validity', { because: 'the authority has expired' });
  }
  const wanted = daysAfter(now, days ?? defaultDays);
  if (wanted > issuer.notAfter && days !== undefined) {
    throw new ConsoleError('authority/invalid-validity', {
      because: `the authority ends on ${issuer.notAfter.toISOString().slice(0, 10)}`,
    });
  }
  const notAfter = new Date(Math.min(wanted.getTime(), issuer.notAfter.getTime()));
  if (notAfter <= issuer.notBefore) {
    throw new ConsoleError('authority/invalid-validity', { because: 'the clock stands before the authority began' });
  }
  return { notBefore: issuer.notBefore, notAfter };
}

export const encodeValidity = ({ notBefore, notAfter }: Validity): Buffer => sequence(time(notBefore), time(notAfter));
