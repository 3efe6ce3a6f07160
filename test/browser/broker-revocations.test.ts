// The broker's CRL knows more than the vault: the push says so, and the operator takes it in with the plan in sight.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildCrl } from '../../electron/authority/crl.ts';
import { createAuthority } from '../../electron/authority/root.ts';
import { freePorts } from '../../electron/platform/free-port.ts';
import { sentFile } from '../support/import-files.ts';
import { call, createVault, expect, openScreen, test } from './support/fixtures.ts';

test('what a broker refuses is refused here too, before anything is pushed to it', async ({
  page,
  console,
  complaints: _,
}) => {
  const now = new Date();
  const authority = await createAuthority({ subject: '/CN=Shared', keyAlgorithm: 'EC-P256', validityDays: 900, now });
  await createVault(page, console.url);
  await call(console, '/authority/import', {
    files: [sentFile('ca.crt', authority.certificatePem), sentFile('ca.key', authority.privateKeyPem)],
  });
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const broker = await call(console, '/brokers', {
    name: 'Hall 3',
    target: { kind: 'process' },
    host: 'localhost',
    ports: { mtls, password, token },
  });
  await openScreen(page, 'Broker');
  const card = page.getByRole('region', { name: 'Hall 3', exact: true });
  const push = card.getByRole('button', { name: 'Push', exact: true });
  await push.click();
  await expect(card.getByText('Pushed, probed and in force')).toBeVisible({ timeout: 60_000 });
  await card.getByRole('button', { name: 'Close', exact: true }).click();

  const entries = [{ serialNumber: '0a0b0c', revokedAt: now, reason: 'keyCompromise' as const }];
  const { crlPem } = await buildCrl({ authority, entries, number: 40n, now });
  const brokerId = String((broker as { brokerId: unknown }).brokerId);
  await writeFile(join(console.dataDirectory, 'brokers', brokerId, 'live', 'ca.crl'), crlPem);

  await push.click();
  const plan = card.getByRole('region', { name: 'What a push would change' });
  await expect(plan.getByText(/revokes certificates that this vault calls good/)).toBeVisible();
  await plan.getByRole('button', { name: 'Take its revocations in' }).click();
  await expect(plan.getByText(/revokes certificates that this vault calls good/)).toBeHidden();
  await expect(plan.getByRole('button', { name: /^Push/ })).toBeVisible();
  await openScreen(page, 'Authority');
  const crl = page.getByRole('region', { name: 'Revocation list (CRL)' });
  await expect(crl.getByText('41', { exact: true })).toBeVisible();
});
