import { expect, it } from 'vitest';
import { complaintOf, inputOf, noWishes } from '../../../renderer/features/plants/issue/wishes.ts';
import { leafValiditySchema } from '../../../shared/model/leaf-validity.ts';

it('leaves out what is left as it is', () => {
  expect(inputOf(noWishes)).toEqual({ keyAlgorithm: 'RSA-2048' });
  expect(inputOf({ ...noWishes, keyFrom: 'request', request: 'PEM' })).toEqual({ request: 'PEM' });
});

it.each([
  [{ end: 'days', days: 30 }, { days: 30 }],
  [{ end: 'authority' }, { notAfter: 'authority' }],
  [
    { end: 'none', beginDate: '2026-01-31' },
    { notAfter: 'none', notBefore: '2026-01-31T00:00:00Z' },
  ],
  [{ end: 'date', endDate: '2027-12-31' }, { notAfter: '2027-12-31T23:59:59Z' }],
  [{ beginDate: '2026-01-31' }, { notBefore: '2026-01-31T00:00:00Z' }],
] as const)('says %j as the contract takes it', (wish, validity) => {
  const input = inputOf({ ...noWishes, ...wish });
  expect(input.validity).toEqual(validity);
  expect(leafValiditySchema.safeParse(input.validity).success).toBe(true);
});

it('tells what is missing', () => {
  expect(complaintOf(noWishes)).toBeUndefined();
  expect(complaintOf({ ...noWishes, keyFrom: 'request' })).toMatch(/request/);
  for (const days of ['', 0, 1.5]) expect(complaintOf({ ...noWishes, end: 'days', days })).toMatch(/days/);
  expect(complaintOf({ ...noWishes, end: 'date' })).toMatch(/last day/);
});
