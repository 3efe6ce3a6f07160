import { expect, test } from 'vitest';
import { crlStateAt } from '../../../../shared/model/certificate.ts';

const crl = { thisUpdate: '2030-01-01T00:00:00.000Z', nextUpdate: '2030-01-11T00:00:00.000Z' };

test.each([
  ['2030-01-01T00:00:00.000Z', 'fresh'],
  ['2030-01-05T23:59:59.999Z', 'fresh'],
  ['2030-01-06T00:00:00.000Z', 'renew-soon'],
  ['2030-01-10T23:59:59.999Z', 'renew-soon'],
  ['2030-01-11T00:00:00.000Z', 'expired'],
  ['2031-01-01T00:00:00.000Z', 'expired'],
])('at %s a CRL of the first ten days is %s', (now, state) => {
  expect(crlStateAt(crl, new Date(now))).toBe(state);
});
