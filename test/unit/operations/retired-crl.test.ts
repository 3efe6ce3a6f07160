import { expect, test } from 'vitest';
import { createAuthority } from '../../../electron/authority/root.ts';
import { authoritiesWithCrl, renewCrl } from '../../../electron/operations/authority.ts';
import type { CertificateKind } from '../../../shared/model/certificate.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { authorityRow, certificateRow } from '../../support/vault-rows.ts';

test('the CRL of a retired authority goes on until the last certificate that it issued has ended', async () => {
  const { vault } = await createVault();
  let now = new Date('2031-01-01T00:00:00Z');
  const context = { ...contextOver(vault), clock: { now: () => now } };
  for (const [authorityId, state] of [
    ['new', 'current'],
    ['old', 'retired'],
  ] as const) {
    const { certificatePem, privateKeyPem } = await createAuthority({ now, keyAlgorithm: 'EC-P256' });
    vault.authorities.insert(
      authorityRow({ authorityId, serialNumber: authorityId, state, certificatePem }),
      privateKeyPem,
    );
  }
  const leaf = (serialNumber: string, notAfter: string, kind: CertificateKind = 'device') =>
    vault.certificates.insert(certificateRow(serialNumber, { authorityId: 'old', notAfter, kind }));
  leaf('0a', '2031-06-01T00:00:00.000Z');
  leaf('0b', '2032-06-01T00:00:00.000Z');
  leaf('0c', '2031-02-01T00:00:00.000Z');
  // What was signed once needs no list.
  leaf('0d', '2039-01-01T00:00:00.000Z', 'document');

  const withCrl = () => authoritiesWithCrl(context).map(({ authorityId }) => authorityId);
  const numbers = () => vault.authorities.list().map(({ authorityId, crlNumber }) => [authorityId, crlNumber]);
  expect(withCrl()).toEqual(['new', 'old']);
  const before = numbers();
  now = new Date('2032-05-31T00:00:00Z');
  await renewCrl(context);
  // Both are signed anew, each with a greater number.
  expect(numbers()).toEqual(before.map(([authorityId, number]) => [authorityId, BigInt(number ?? 0) + 1n]));
  now = new Date('2032-06-01T00:00:01Z');
  expect(withCrl()).toEqual(['new']);
});
