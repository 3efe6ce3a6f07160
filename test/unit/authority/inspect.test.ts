import { expect, test } from 'vitest';
import { inspectCertificate, inspectCrl } from '../../../electron/authority/inspect.ts';
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
});
