import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { inspectCertificate, inspectCrl } from '../../../electron/authority/inspect.ts';
import { createAuthority } from '../../../electron/authority/root.ts';
import { ecAuthority, now } from './authorities.ts';

test('the defaults are those of the mTLS document', async () => {
  const { certificatePem, privateKeyPem: _, crl: _crl, ...facts } = await createAuthority({ now });
  expect(inspectCertificate(certificatePem)).toMatchObject({
    ...facts,
    subject: '/C=CZ/ST=Prague/O=CPI IoT Platform/CN=CPI Root CA',
    issuer: '/C=CZ/ST=Prague/O=CPI IoT Platform/CN=CPI Root CA',
    keyAlgorithm: 'RSA-4096',
    notBefore: new Date('2028-02-28T10:11:12Z'),
    notAfter: new Date('2038-02-26T10:11:12Z'),
  });
  const parsed = new X509Certificate(certificatePem);
  expect(parsed.ca).toBe(true);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
});

test('an authority has an empty CRL from its first minute', async () => {
  const { crl, subject } = await ecAuthority();
  expect(crl.number).toBe(1n);
  expect(inspectCrl(crl.crlPem)).toEqual({
    issuer: subject,
    number: 1n,
    thisUpdate: crl.thisUpdate,
    nextUpdate: crl.nextUpdate,
    revokedSerialNumbers: [],
  });
});

test('a root that ends after 2049 is dated right', async () => {
  const { certificatePem } = await ecAuthority({ validityDays: 10_000 });
  expect(inspectCertificate(certificatePem).notAfter).toEqual(new Date('2055-07-17T10:11:12Z'));
});

test.each([
  [{ subject: 'Acme' }, 'authority/invalid-subject'],
  [{ validityDays: 0 }, 'authority/invalid-validity'],
])('refuses %o', async (options, code) => {
  await expect(ecAuthority(options)).rejects.toMatchObject({ code });
});
