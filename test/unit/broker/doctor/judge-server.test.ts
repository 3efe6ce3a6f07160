// What clocks do to the verdict on a broker's certificate: a test cannot turn the machine's own.

import { X509Certificate } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { issueCertificate } from '../../../../electron/authority/leaf.ts';
import { createAuthority } from '../../../../electron/authority/root.ts';
import { judgeServer } from '../../../../electron/broker/doctor/judge-certificate.ts';

const issuedAt = new Date('2026-03-01T00:00:00Z');
const day = (text: string) => new Date(`${text}T00:00:00Z`);
let own: X509Certificate;
let authorityPem: string;

beforeAll(async () => {
  const authority = await createAuthority({ keyAlgorithm: 'EC-P256', subject: '/CN=Root', now: issuedAt });
  const profile = { kind: 'broker', commonName: 'localhost', subjectAltNames: [] } as const;
  const validity = { notBefore: '2026-03-02T00:00:00Z', notAfter: '2026-06-01T00:00:00Z' };
  const leaf = await issueCertificate({ authority, profile, keyAlgorithm: 'EC-P256', validity, now: issuedAt });
  own = new X509Certificate(leaf.certificatePem);
  authorityPem = authority.certificatePem;
});

const verdict = (chainError: string, now: Date, clocks: { latestKnown?: Date; brokerNow?: Date } = {}) =>
  judgeServer(
    { chain: [own], chainError, isNameWrong: false } as unknown as Parameters<typeof judgeServer>[0],
    { authorityPem, serverName: 'localhost' },
    { now: () => now, latestKnown: clocks.latestKnown, isRevoked: () => false },
    clocks.brokerNow,
  ).failures.map(({ code }) => code);

test('a certificate that is not valid yet is so, unless the clock must be behind', () => {
  const early = day('2026-01-01');
  expect(verdict('CERT_NOT_YET_VALID', early)).toEqual(['tls/server-not-yet-valid']);
  expect(verdict('CERT_NOT_YET_VALID', early, { latestKnown: day('2026-04-01') })).toEqual(['tls/clock-behind']);
  expect(verdict('CERT_NOT_YET_VALID', early, { brokerNow: day('2026-04-01') })).toEqual(['tls/clock-behind']);
});

test('a certificate that has expired has, unless the broker’s clock says that ours is ahead', () => {
  const late = day('2027-01-01');
  expect(verdict('CERT_HAS_EXPIRED', late)).toEqual(['tls/server-expired']);
  expect(verdict('CERT_HAS_EXPIRED', late, { brokerNow: day('2026-04-01') })).toEqual(['tls/clock-ahead']);
});

test('what has expired is the authority when the certificate itself has not', () => {
  expect(verdict('CERT_HAS_EXPIRED', day('2026-04-01'))).toEqual(['tls/authority-expired']);
});
