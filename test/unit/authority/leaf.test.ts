import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { inspectCertificate } from '../../../electron/authority/inspect.ts';
import { issueCertificate } from '../../../electron/authority/leaf.ts';
import { plantIdSchema } from '../../../shared/model/plant.ts';
import { ecAuthority, now } from './authorities.ts';

const plantId = plantIdSchema.parse('A1B2C3D4-0000-0000-0000-000000000001');
const device = { kind: 'device', plantId } as const;

test('a device certificate names the plant in lower case, and says of itself what it holds', async () => {
  const authority = await ecAuthority();
  const issued = await issueCertificate({ authority, profile: device, keyAlgorithm: 'EC-P256', now });
  expect(issued).toMatchObject({
    subject: '/CN=a1b2c3d4-0000-0000-0000-000000000001',
    subjectAltNames: ['URI:urn:uuid:a1b2c3d4-0000-0000-0000-000000000001'],
    notBefore: authority.notBefore,
    notAfter: new Date('2030-02-28T10:11:12Z'),
    keyAlgorithm: 'EC-P256',
  });
  const { privateKeyPem, ...certificate } = issued;
  expect(inspectCertificate(issued.certificatePem)).toMatchObject({ ...certificate, issuer: authority.subject });
  const parsed = new X509Certificate(issued.certificatePem);
  expect(parsed.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
  expect(parsed.checkIssued(new X509Certificate(authority.certificatePem))).toBe(true);
  expect(parsed.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
  expect(parsed.fingerprint256).toBe(issued.fingerprint);
});

test('the default is an RSA-2048 key for 730 days', async () => {
  const { keyAlgorithm, certificatePem } = await issueCertificate({
    authority: await ecAuthority(),
    profile: device,
    now,
  });
  expect(keyAlgorithm).toBe('RSA-2048');
  expect(inspectCertificate(certificatePem).keyAlgorithm).toBe('RSA-2048');
});

test('a broker is found under each of its names and addresses, and under no other', async () => {
  const profile = {
    kind: 'broker',
    commonName: 'mqtt.example.com',
    subjectAltNames: ['localhost', '127.0.0.1', 'fe80::1', 'MQTT.example.com'],
  } as const;
  const { certificatePem, subjectAltNames } = await issueCertificate({
    authority: await ecAuthority(),
    profile,
    keyAlgorithm: 'EC-P256',
    now,
  });
  expect(subjectAltNames).toEqual(['DNS:mqtt.example.com', 'DNS:localhost', 'IP:127.0.0.1', 'IP:fe80::1']);
  const parsed = new X509Certificate(certificatePem);
  expect(parsed.checkHost('mqtt.example.com')).toBe('mqtt.example.com');
  expect(parsed.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(parsed.checkIP('fe80::1')).toBe('fe80::1');
  expect(parsed.checkHost('example.com')).toBeUndefined();
});

test('serial numbers are positive, 16 octets, and never the same', async () => {
  const authority = await ecAuthority();
  const serials = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const { serialNumber } = await issueCertificate({ authority, profile: device, keyAlgorithm: 'EC-P256', now });
      return serialNumber;
    }),
  );
  expect(new Set(serials).size).toBe(50);
  for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9a-f]{31}$/);
});

test('an unfit name is refused before a key is made', async () => {
  const authority = await ecAuthority();
  const issue = (commonName: string, subjectAltNames: string[]) =>
    issueCertificate({ authority, profile: { kind: 'broker', commonName, subjectAltNames }, now });
  await expect(issue('mqtt.example.com', ['not a name'])).rejects.toMatchObject({ code: 'authority/invalid-name' });
  await expect(issue(`${'a'.repeat(40)}.${'b'.repeat(40)}`, [])).rejects.toMatchObject({
    code: 'authority/invalid-subject',
  });
});

test('a validity beyond the authority is refused when asked for and shortened when not', async () => {
  const authority = await ecAuthority({ validityDays: 100 });
  const request = { authority, profile: device, keyAlgorithm: 'EC-P256', now } as const;
  await expect(issueCertificate({ ...request, validity: { days: 101 } })).rejects.toMatchObject({
    code: 'authority/invalid-validity',
  });
  expect((await issueCertificate(request)).notAfter).toEqual(authority.notAfter);
});

test('a key of another authority issues nothing', async () => {
  const [one, other] = await Promise.all([ecAuthority(), ecAuthority()]);
  const authority = { certificatePem: one.certificatePem, privateKeyPem: other.privateKeyPem };
  await expect(issueCertificate({ authority, profile: device, now })).rejects.toMatchObject({
    code: 'authority/invalid-material',
  });
});

test('an unreadable key is refused without a word of it', async () => {
  const { certificatePem } = await ecAuthority();
  const authority = {
    certificatePem,
    privateKeyPem: '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n',
  };
  const failure = await issueCertificate({ authority, profile: device, now }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'authority/invalid-material', cause: undefined });
  expect(String(failure)).not.toContain('c2VjcmV0');
});
