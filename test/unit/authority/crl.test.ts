import { expect, test } from 'vitest';
import { buildCrl } from '../../../electron/authority/crl.ts';
import type { RevokedCertificate } from '../../../electron/authority/crl-entries.ts';
import { inspectCrl } from '../../../electron/authority/inspect.ts';
import { ecAuthority, now } from './authorities.ts';

const entry = (serialNumber: string): RevokedCertificate => ({ serialNumber, revokedAt: now, reason: 'superseded' });

test('lists what is revoked, begins a day early and outlasts a year', async () => {
  const crl = await buildCrl({
    authority: await ecAuthority(),
    entries: [entry('41'), entry('80ff')],
    number: 7n,
    now,
  });
  expect(inspectCrl(crl.crlPem)).toMatchObject({
    number: 7n,
    thisUpdate: new Date('2028-02-28T10:11:12Z'),
    nextUpdate: new Date('2029-02-28T10:11:12Z'),
    revokedSerialNumbers: ['41', '80ff'],
  });
  expect(crl.crlPem).toMatch(/^-----BEGIN X509 CRL-----\n/);
});

test('is never dated before the one that it follows, nor by one from the future', async () => {
  const authority = await ecAuthority();
  const after = async (last: string) =>
    (await buildCrl({ authority, entries: [], number: 2n, now, lastThisUpdate: new Date(last) })).thisUpdate;
  expect(await after('2028-02-29T09:00:00Z')).toEqual(new Date('2028-02-29T09:00:00Z'));
  expect(await after('2028-02-01T00:00:00Z')).toEqual(new Date('2028-02-28T10:11:12Z'));
  expect(await after('2029-01-01T00:00:00Z')).toEqual(new Date('2028-02-28T10:11:12Z'));
});

test('every entry of a long list is there', async () => {
  const serials = Array.from({ length: 5_000 }, (_, i) => (0x40_00_00_00 + i).toString(16));
  const crl = await buildCrl({ authority: await ecAuthority(), entries: serials.map(entry), number: 2n, now });
  expect(inspectCrl(crl.crlPem).revokedSerialNumbers).toEqual(serials);
});

test.each(['', '4', '4g', '0x41', '41 42'])(
  'refuses the serial number %j instead of revoking another',
  async (serial) => {
    const crl = buildCrl({ authority: await ecAuthority(), entries: [entry(serial)], number: 2n, now });
    await expect(crl).rejects.toMatchObject({ code: 'authority/invalid-material' });
  },
);

test('refuses to end before it begins', async () => {
  const crl = buildCrl({ authority: await ecAuthority(), entries: [], number: 2n, now, nextUpdateDays: 0 });
  await expect(crl).rejects.toMatchObject({ code: 'authority/invalid-validity' });
});

test('is the same for a few entries and for many, whatever their length', async () => {
  const authority = await ecAuthority();
  const serialNumbers = Array.from({ length: 5000 }, (_, index) =>
    (index % 3 === 0 ? index + 1 : 2n ** 127n + BigInt(index)).toString(16).padStart(index % 2 ? 40 : 32, '0'),
  );
  const entries = serialNumbers.map((serialNumber, index) => ({
    ...entry(serialNumber),
    revokedAt: new Date(index % 2 ? '2049-12-31T23:59:59Z' : '2050-01-01T00:00:00Z'),
    invalidityDate: index % 5 ? null : now,
  }));
  const { crlPem } = await buildCrl({ authority, entries, number: 1n, now });
  expect(inspectCrl(crlPem).revokedSerialNumbers).toEqual(
    serialNumbers.map((serialNumber) => serialNumber.replace(/^(?:00)+/, '')),
  );
  expect(
    crlPem
      .split('\n')
      .slice(1, -3)
      .every((line) => line.length === 64),
  ).toBe(true);
});
