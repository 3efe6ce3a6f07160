// When certificates begin and end.
// - PLCs boot with a clock in the past, and a broker's may be slow: a root and a CRL begin a day early,
//   a leaf begins with its authority.
// - A leaf never outlives its authority. What was asked for is given or refused; the default is shortened. The one
//   exception is a leaf without a well-defined end, which says nothing of an end at all.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { LeafValidity } from '../../shared/model/leaf-validity.ts';
import { sequence, time } from './der.ts';

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/** A real-time clock that holds local time is up to 14 hours off; a day covers that. */
const clockAllowanceMs = 24 * 60 * 60 * 1000;

/** `9999-12-31T23:59:59Z`: no well-defined end (RFC 5280, 4.1.2.5), and no date is beyond it. */
export const endOfTime = Date.UTC(9999, 11, 31, 23, 59, 59);

/** X.509 times are whole seconds. */
const wholeSeconds = (ms: number): Date => new Date(Math.floor(ms / 1000) * 1000);

export const beforeAllowance = (now: Date): Date => wholeSeconds(now.getTime() - clockAllowanceMs);

/**
 * A CRL begins a day early as well, and never before the last one: whoever compares two takes the later for the newer. A
 * last one from the future counts for nothing: a broker refuses every client by a CRL that has not begun.
 */
export function crlBeginning(now: Date, lastThisUpdate: Date | undefined): Date {
  const early = beforeAllowance(now);
  return lastThisUpdate && lastThisUpdate > early && lastThisUpdate <= now ? lastThisUpdate : early;
}

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

/**
 * The validity that was asked for, within the issuer's. Left out, it is the issuer's beginning and `defaultDays` from now,
 * or less when the issuer ends before. Throws `authority/invalid-validity`.
 */
export function leafValidity(now: Date, wanted: LeafValidity, defaultDays: number, issuer: Validity): Validity {
  if (now >= issuer.notAfter) throw invalid('the authority has expired');
  const notBefore = leafBeginning(wanted.notBefore, issuer);
  if (notBefore >= issuer.notAfter) throw invalid(`the authority ends on ${dayOf(issuer.notAfter)}, before it begins`);
  const notAfter = leafEnd(now, wanted, defaultDays, issuer);
  if (notAfter <= notBefore) {
    throw invalid(`it would end on ${dayOf(notAfter)}, and begin on ${dayOf(notBefore)}`);
  }
  if (notAfter <= now) throw invalid(`it would have ended on ${dayOf(notAfter)}`);
  return { notBefore, notAfter };
}

function leafBeginning(wanted: LeafValidity['notBefore'], issuer: Validity): Date {
  if (wanted === undefined || wanted === 'authority') return issuer.notBefore;
  const notBefore = wholeSeconds(Date.parse(wanted));
  if (notBefore < issuer.notBefore) throw invalid(`the authority begins on ${dayOf(issuer.notBefore)}`);
  return notBefore;
}

function leafEnd(now: Date, { notAfter, days }: LeafValidity, defaultDays: number, issuer: Validity): Date {
  if (notAfter === 'none') return new Date(endOfTime);
  if (notAfter === 'authority') return issuer.notAfter;
  const end = notAfter === undefined ? daysAfter(now, days ?? defaultDays) : wholeSeconds(Date.parse(notAfter));
  if (end <= issuer.notAfter) return end;
  if (notAfter === undefined && days === undefined) return issuer.notAfter;
  throw invalid(`the authority ends on ${dayOf(issuer.notAfter)}`);
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

const invalid = (because: string) => new ConsoleError('authority/invalid-validity', { because });

export const encodeValidity = ({ notBefore, notAfter }: Validity): Buffer => sequence(time(notBefore), time(notAfter));
