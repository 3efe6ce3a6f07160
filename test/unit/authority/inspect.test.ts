import { expect, test } from 'vitest';
import { buildCrl } from '../../../electron/authority/crl.ts';
import { crlNames, inspectCertificate, inspectCrl } from '../../../electron/authority/inspect.ts';
import { ecAuthority } from './authorities.ts';

const unreadable = expect.objectContaining({ code: 'authority/invalid-material' });
/** The second line is missing, so that lengths no longer fit. */
const damaged = (pem: string) => pem.replace(/^(.*\n.*\n).*\n/, '$1');

test.each([
  ['nothing', () => ''],
  ['another label', (pem: string) => pem.replaceAll('CERTIFICATE', 'X509 CRL')],
  ['two of them', (pem: string) => pem + pem],
  ['an empty block', () => '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
  ['a damaged one', damaged],
])('a certificate: refuses %s', async (_what, spoil) => {
  const { certificatePem } = await ecAuthority();
  expect(() => inspectCertificate(spoil(certificatePem))).toThrow(unreadable);
});

test.each([
  ['nothing', () => ''],
  ['the label that OpenSSL refuses', (pem: string) => pem.replaceAll('X509 CRL', 'CRL')],
  ['a damaged one', damaged],
])('a CRL: refuses %s', async (_what, spoil) => {
  const { crl } = await ecAuthority();
  expect(() => inspectCrl(spoil(crl.crlPem))).toThrow(unreadable);
  await expect(crlNames(spoil(crl.crlPem), '0a')).rejects.toMatchObject({ code: 'authority/invalid-material' });
});

test('a CRL names what it revokes, also the last of many, and nothing else', async () => {
  const authority = await ecAuthority();
  const now = new Date('2031-05-06T07:08:09Z');
  const serials = Array.from({ length: 10_000 }, (_, index) => (0x8000 + index * 2).toString(16));
  const entries = serials.map((serialNumber) => ({ serialNumber, revokedAt: now, reason: 'superseded' as const }));
  const { crlPem } = await buildCrl({ authority, entries, number: 2n, now });
  expect(await crlNames(crlPem, '8000')).toBe(true);
  expect(await crlNames(crlPem, `00${serials.at(-1)?.toUpperCase()}`)).toBe(true);
  expect(await crlNames(crlPem, '8001')).toBe(false);
  expect(await crlNames(authority.crl.crlPem, '8000')).toBe(false);
});
