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
  expect(leafValidity(now, 30, 730, issuer)).toEqual({
    notBefore: issuer.notBefore,
    notAfter: new Date('2028-03-30T10:11:12Z'),
  });
});

test('the default is shortened to what the authority has left', () => {
  expect(leafValidity(now, undefined, 730, issuer).notAfter).toEqual(issuer.notAfter);
});

test('days that were asked for are never shortened', () => {
  expect(() => leafValidity(now, 730, 730, issuer)).toThrow(refused);
});

test('an expired authority issues nothing', () => {
  expect(() => leafValidity(issuer.notAfter, undefined, 1, issuer)).toThrow(refused);
});

test('a clock before the authority began issues nothing that would have ended before it began', () => {
  expect(() => leafValidity(new Date('2026-01-01T00:00:00Z'), 30, 730, issuer)).toThrow(refused);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 4_000_000])('refuses %d days', (days) => {
  expect(() => authorityValidity(now, days)).toThrow(refused);
});
