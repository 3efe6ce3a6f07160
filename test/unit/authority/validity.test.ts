import { expect, test } from 'vitest';
import { authorityValidity, leafValidity } from '../../../electron/authority/validity.ts';

const now = new Date('2028-02-29T10:11:12.345Z');
const issuer = { notBefore: new Date('2027-01-01T00:00:00Z'), notAfter: new Date('2029-01-01T00:00:00Z') };
const refused = expect.objectContaining({ code: 'authority/invalid-validity' });

test('an authority begins a day early and ends the days after now, in whole seconds', () => {
  expect(authorityValidity(now, 10)).toEqual({
    notBefore: new Date('2028-02-28T10:11:12Z'),
    notAfter: new Date('2028-03-10T10:11:12Z'),
  });
});

test('a leaf begins with its authority', () => {
  expect(leafValidity(now, { days: 30 }, 730, issuer)).toEqual({
    notBefore: issuer.notBefore,
    notAfter: new Date('2028-03-30T10:11:12Z'),
  });
});

test('the default is shortened to what the authority has left', () => {
  expect(leafValidity(now, {}, 730, issuer).notAfter).toEqual(issuer.notAfter);
});

test('days that were asked for are never shortened', () => {
  expect(() => leafValidity(now, { days: 730 }, 730, issuer)).toThrow(refused);
});

test('an expired authority issues nothing', () => {
  expect(() => leafValidity(issuer.notAfter, {}, 1, issuer)).toThrow(refused);
});

test('a clock before the authority began issues nothing that would have ended before it began', () => {
  expect(() => leafValidity(new Date('2026-01-01T00:00:00Z'), { days: 30 }, 730, issuer)).toThrow(refused);
});

test('a leaf ends with its authority, on a day, or on none that is known', () => {
  const endOf = (notAfter: string) => leafValidity(now, { notAfter }, 730, issuer).notAfter.toISOString();
  expect(endOf('authority')).toBe('2029-01-01T00:00:00.000Z');
  expect(endOf('2028-12-24T12:00:00.900Z')).toBe('2028-12-24T12:00:00.000Z');
  expect(endOf('none')).toBe('9999-12-31T23:59:59.000Z');
});

test('a leaf that begins when its authority has ended is refused, also without an end of its own', () => {
  for (const notBefore of [issuer.notAfter.toISOString(), '2058-01-01T00:00:00Z']) {
    expect(() => leafValidity(now, { notBefore, notAfter: 'none' }, 730, issuer)).toThrow(refused);
  }
});

test('a leaf begins on a day, not before its authority', () => {
  const beginningOf = (notBefore: string) => leafValidity(now, { notBefore }, 30, issuer).notBefore;
  expect(beginningOf('authority')).toEqual(issuer.notBefore);
  expect(beginningOf('2028-01-01T00:00:00Z')).toEqual(new Date('2028-01-01T00:00:00Z'));
  expect(() => beginningOf('2026-12-31T23:59:59Z')).toThrow(refused);
});

test.each([
  { notBefore: '2028-06-01T00:00:00Z', notAfter: '2028-05-01T00:00:00Z' },
  { notBefore: '2028-06-01T00:00:00Z', days: 30 },
  { notAfter: '2028-02-28T00:00:00Z' },
  { notAfter: '2029-01-01T00:00:01Z' },
  { notBefore: '2029-01-01T00:00:00Z', notAfter: 'authority' },
])('dates that run backwards, have passed or outlive the authority are refused: %j', (wanted) => {
  expect(() => leafValidity(now, wanted, 730, issuer)).toThrow(refused);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 4_000_000])('refuses %d days', (days) => {
  expect(() => authorityValidity(now, days)).toThrow(refused);
});
