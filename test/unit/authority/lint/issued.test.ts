// Everything that this console issues passes its own checklist, without even a warning.

import { describe, expect, it } from 'vitest';
import { buildCrl } from '../../../../electron/authority/crl.ts';
import { issueCertificate, type LeafProfile } from '../../../../electron/authority/leaf.ts';
import { lintCertificate } from '../../../../electron/authority/lint/certificate.ts';
import { lintCrl } from '../../../../electron/authority/lint/crl.ts';
import { createAuthority } from '../../../../electron/authority/root.ts';
import { revocationReasons } from '../../../../shared/model/certificate.ts';
import { plantIdSchema } from '../../../../shared/model/plant.ts';

const now = new Date('2026-05-01T12:00:00Z');
const plantId = plantIdSchema.parse('a1b2c3d4-0000-0000-0000-000000000001');
const profiles: readonly LeafProfile[] = [
  { kind: 'device', plantId },
  { kind: 'probe', plantId },
  { kind: 'broker', commonName: 'mqtt.example.com', subjectAltNames: ['127.0.0.1', 'fe80::1'] },
  { kind: 'console', commonName: 'voke-console' },
  { kind: 'document', commonName: 'Handover record 7' },
];

const lintedAs = {
  device: 'client',
  probe: 'client',
  console: 'client',
  broker: 'server',
  document: 'document',
} as const;

describe.each(['EC-P256', 'EC-P384', 'RSA-3072'] as const)('a %s authority', (keyAlgorithm) => {
  it('and all that it signs', async () => {
    // Its life crosses 2050, where the form of dates changes.
    const authority = await createAuthority({ keyAlgorithm, validityDays: 36_500, now });
    expect(lintCertificate(authority.certificatePem, { kind: 'authority' })).toEqual([]);
    expect(
      lintCertificate(authority.certificatePem, { kind: 'authority', issuerPem: authority.certificatePem }),
    ).toEqual([]);
    for (const profile of profiles) {
      for (const days of [1, 730, 20_000]) {
        const leaf = await issueCertificate({ authority, profile, keyAlgorithm: 'EC-P256', validity: { days }, now });
        const kind = lintedAs[profile.kind];
        expect(lintCertificate(leaf.certificatePem, { kind, issuerPem: authority.certificatePem })).toEqual([]);
      }
    }
  });

  it('and its CRLs, empty or full', async () => {
    const authority = await createAuthority({ keyAlgorithm, now });
    const entries = revocationReasons.map((reason, index) => ({
      serialNumber: `40${index.toString(16).padStart(30, '0')}`,
      revokedAt: now,
      reason,
    }));
    const { crlPem } = await buildCrl({ authority, entries, number: 2n, now });
    expect(await lintCrl(authority.crl.crlPem, { issuerPem: authority.certificatePem })).toEqual([]);
    expect(await lintCrl(crlPem, { issuerPem: authority.certificatePem })).toEqual([]);
  });
});
