import { describe, expect, it } from 'vitest';
import {
  countGroups,
  type ExpiryFilter,
  filterExpiries,
  noFilter,
} from '../../../renderer/features/authority/expiries/filter.ts';
import { type Expiry, type ExpiryKind, expiryKinds } from '../../../shared/model/expiry.ts';

const now = Date.parse('2026-06-01T00:00:00Z');

const expiry = (kind: ExpiryKind, name: string, endsAt: string, site: string | null = null): Expiry => ({
  ...{ expiryId: `${kind} ${name}`, kind, name, site, plantId: null, brokerId: null },
  ...{ startedAt: '2026-01-01T00:00:00Z', endsAt, isOutage: true },
});

const all = [
  expiry('device', 'Pump 1', '2026-05-31T23:59:59Z', 'Brno'),
  expiry('token', 'Čerpadlo 2', '2026-06-01T12:00:00Z', 'Brno'),
  expiry('crl', 'Revocation list', '2026-07-01T00:00:00Z'),
  expiry('broker', 'Hall broker', '2026-08-01T00:00:00Z'),
  expiry('tokenKey', 'Token key', '2026-09-01T00:00:00Z'),
  expiry('authority', '/CN=Root', '2036-01-01T00:00:00Z'),
];
const namesWith = (filter: Partial<ExpiryFilter>) =>
  filterExpiries(all, { ...noFilter, ...filter }, now).map(({ name }) => name);

describe('what is listed of all that ends', () => {
  it('hides what has ended until it is asked for', () => {
    expect(namesWith({})).toEqual(['Čerpadlo 2', 'Revocation list', 'Hall broker', 'Token key', '/CN=Root']);
    expect(namesWith({ isEndedShown: true })).toHaveLength(all.length);
  });

  it('can be of one kind', () => {
    expect(namesWith({ group: 'certificates' })).toEqual(['Hall broker']);
    expect(namesWith({ group: 'certificates', isEndedShown: true })).toEqual(['Pump 1', 'Hall broker']);
    expect(namesWith({ group: 'crls' })).toEqual(['Revocation list']);
    expect(namesWith({ group: 'tokens' })).toEqual(['Čerpadlo 2']);
    expect(namesWith({ group: 'tokenKeys' })).toEqual(['Token key']);
    expect(namesWith({ group: 'authorities' })).toEqual(['/CN=Root']);
  });

  it('can be searched by name and site, in any case', () => {
    expect(namesWith({ query: ' čERPADLO ' })).toEqual(['Čerpadlo 2']);
    expect(namesWith({ query: 'brno', isEndedShown: true })).toEqual(['Pump 1', 'Čerpadlo 2']);
    expect(namesWith({ query: 'brno', group: 'crls' })).toEqual([]);
  });

  it('is counted by kind, and every kind counts', () => {
    const one = expiryKinds.map((kind) => expiry(kind, kind, '2027-01-01T00:00:00Z'));
    const counts = countGroups(one);
    expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(expiryKinds.length);
    expect(counts.get('certificates')).toBe(4);
  });
});
