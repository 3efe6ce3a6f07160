// What the operator wishes of a certificate, as the fields of the dialog hold it and as the contract takes it.

import { deviceCertificateDefaults, type LeafKeyAlgorithm } from '../../../../shared/model/certificate.ts';
import type { LeafValidity } from '../../../../shared/model/leaf-validity.ts';

export const ends = ['default', 'days', 'authority', 'date', 'none'] as const;

export type Wishes = {
  readonly keyFrom: 'here' | 'request';
  readonly keyAlgorithm: LeafKeyAlgorithm;
  /** PEM. */
  readonly request: string;
  readonly end: (typeof ends)[number];
  readonly days: number | string;
  /** `2026-12-31`, the last day. */
  readonly endDate: string;
  /** `2026-01-31`; empty for the authority's own beginning. */
  readonly beginDate: string;
};

export const noWishes: Wishes = {
  keyFrom: 'here',
  keyAlgorithm: deviceCertificateDefaults.keyAlgorithm,
  request: '',
  end: 'default',
  days: deviceCertificateDefaults.validityDays,
  endDate: '',
  beginDate: '',
};

/** What stands in the way of issuing by these wishes; dates are the core's to judge. */
export function complaintOf({ keyFrom, request, end, days, endDate }: Wishes): string | undefined {
  if (keyFrom === 'request' && request.trim() === '') return 'Give the certificate request.';
  if (end === 'days' && !(Number.isInteger(days) && Number(days) >= 1)) return 'Give a whole number of days.';
  if (end === 'date' && endDate === '') return 'Give the last day.';
  return undefined;
}

/** The wishes as the contract takes them; what is left as it is is left out. */
export function inputOf(wishes: Wishes): {
  keyAlgorithm?: LeafKeyAlgorithm;
  request?: string;
  validity?: LeafValidity;
} {
  const validity = validityOf(wishes);
  return {
    ...(wishes.keyFrom === 'request' ? { request: wishes.request } : { keyAlgorithm: wishes.keyAlgorithm }),
    ...(Object.keys(validity).length > 0 && { validity }),
  };
}

function validityOf({ end, days, endDate, beginDate }: Wishes): LeafValidity {
  const notBefore = beginDate === '' ? {} : { notBefore: `${beginDate}T00:00:00Z` };
  switch (end) {
    case 'default':
      return notBefore;
    case 'days':
      return { ...notBefore, days: Number(days) };
    case 'authority':
    case 'none':
      return { ...notBefore, notAfter: end };
    case 'date':
      return { ...notBefore, notAfter: `${endDate}T23:59:59Z` };
  }
}
