// An authority that openssl ran moves into the vault over the screen: the folder is chosen, looked into, and adopted.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OpensslPki } from '../support/openssl-pki.ts';
import { createVault, expect, openScreen, test } from './support/fixtures.ts';

const plants = ['a1b2c3d4-0000-0000-0000-000000000001', 'a1b2c3d5-0000-0000-0000-000000000002'] as const;

test('an authority is adopted from its folder, after a look at what is in it', async ({
  page,
  console,
  complaints: _,
}) => {
  const pki = await OpensslPki.create('Works CA');
  await pki.issueDevice('spare');
  for (const id of plants) {
    const { certificatePem, keyPem } = await pki.issueDevice(id);
    const folder = join(pki.directory, 'devices', id);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'device.crt'), certificatePem);
    await writeFile(join(folder, 'device.key'), keyPem);
    if (id === plants[1]) await pki.revoke({ certificatePem, keyPem });
  }
  await pki.crlPem();
  const named = await pki.issueDevice('plc-17');
  await writeFile(join(pki.directory, 'devices', 'plc-17.crt'), named.certificatePem);
  // Of the spare one the register alone tells.
  await rm(join(pki.directory, 'new'), { recursive: true });
  const other = await OpensslPki.create('Another CA');

  await createVault(page, console.url);
  await openScreen(page, 'Authority');
  const panel = page.getByRole('region', { name: 'Import an existing one' });
  const look = panel.getByRole('button', { name: 'Look into it' });
  await expect(look).toBeDisabled();

  const files = panel.getByLabel('Files of the authority');
  await files.setInputFiles({ name: 'ca.crt', mimeType: 'text/plain', buffer: Buffer.alloc(30 * 1024 * 1024) });
  await expect(panel.getByText(/larger than an authority’s ever are/)).toBeVisible();
  await expect(look).toBeDisabled();
  await files.setInputFiles([join(pki.directory, 'ca.crt'), join(other.directory, 'ca.key')]);
  await look.click();
  await expect(panel.getByText(/ca.key is not the key of ca.crt/)).toBeVisible();

  await panel.getByLabel('Folder of the authority').setInputFiles(pki.directory);
  await look.click();
  await expect(panel.getByText('/CN=Works CA')).toBeVisible();
  const found = panel.getByRole('table', { name: 'Plants that were found' });
  await expect(found.getByRole('row', { name: /a1b2c3d4.* Active 1/ })).toBeVisible();
  await expect(found.getByRole('row', { name: /a1b2c3d5.* Revoked 1/ })).toBeVisible();
  await panel.getByRole('button', { name: /files are left out/ }).click();
  await expect(panel.getByText('nothing that belongs to an authority').first()).toBeVisible();

  await panel.getByRole('button', { name: 'Import authority' }).click();
  const crl = page.getByRole('region', { name: 'Revocation list (CRL)' });
  await expect(crl.getByText('2', { exact: true })).toBeVisible();
  const register = page.getByRole('region', { name: 'Known by serial number only' });
  await register.getByRole('row', { name: '/CN=spare Valid' }).getByRole('button', { name: 'Revoke' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke this certificate' });
  await dialog.getByLabel('Type “1000” to confirm').fill('1000');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(register.getByRole('row', { name: '/CN=spare Revoked' })).toBeVisible();
  await expect(crl.getByText('3', { exact: true })).toBeVisible();
  await register.getByRole('button', { name: 'Take back the revocation of /CN=spare' }).click();
  await expect(register.getByRole('row', { name: '/CN=spare Valid' })).toBeVisible();

  // A certificate that is here and has no plant: revoked from its details, and taken back there.
  await page.getByRole('button', { name: 'Details of /CN=plc-17' }).click();
  const details = page.getByRole('dialog', { name: 'Certificate', exact: true });
  await details.getByRole('button', { name: 'Revoke' }).click();
  await dialog.getByLabel('Reason').click();
  await page.getByRole('option', { name: 'The secret may be known to others' }).click();
  await dialog.getByLabel('Since when the secret may be known').fill('2026-02-03');
  await dialog.getByLabel(/^Type “1003” to confirm/).fill('1003');
  await dialog.getByRole('button', { name: 'Revoke' }).click();
  await expect(dialog).toBeHidden();
  await expect(details.getByText(/keyCompromise; its key may be known since/)).toBeVisible();
  await details.getByRole('button', { name: 'Take the revocation back' }).click();
  await expect(details.getByText(/keyCompromise/)).toBeHidden();
  await expect(details.getByRole('button', { name: 'Revoke' })).toBeVisible();
  await page.keyboard.press('Escape');
  await openScreen(page, 'Plants');
  await expect(page.getByText('2 plants', { exact: true })).toBeVisible();
  await Promise.all([pki.remove(), other.remove()]);
});
