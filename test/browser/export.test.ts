import { readFile } from 'node:fs/promises';
import { unpackTar } from 'modern-tar';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

const password = 'a long password';

test('a certificate leaves as PKCS#12 and as a PEM set, and its key once in the clear', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  const { plantId } = (await call(console, '/plants', { name: 'Pump 4', authMethod: 'MTLS' })) as { plantId: string };
  await call(console, `/plants/${plantId}/provision`, { keyAlgorithm: 'EC-P256' });
  await openScreen(page, 'Plants');
  await page.getByRole('link', { name: 'Pump 4' }).click();
  await page.getByRole('tab', { name: 'Security' }).click();
  const open = () => page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export the certificate' });
  const exported = async () => {
    const download = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    return await download;
  };

  await open();
  await dialog.getByRole('radio', { name: 'PKCS#12 (.p12), AES-256' }).check();
  await expect(dialog.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
  await dialog.getByLabel('Password of the file').fill('short');
  await expect(dialog.getByText('must have at least 12 characters')).toBeVisible();
  await dialog.getByLabel('Password of the file').fill(password);
  expect((await exported()).suggestedFilename()).toBe(`pump-4-${plantId.slice(0, 8)}-aes256.p12`);

  await open();
  await expect(dialog.getByText('The private key leaves in the clear')).toBeVisible();
  expect((await exported()).suggestedFilename()).toBe(`pump-4-${plantId.slice(0, 8)}-with-key.tar`);

  await open();
  await expect(dialog.getByText('The private key is not here')).toBeVisible();
  await expect(dialog.getByRole('radio', { name: 'PKCS#12 (.p12), AES-256' })).toBeDisabled();
});

test('the authority leaves as one archive', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  await openScreen(page, 'Authority');
  await page.getByRole('button', { name: 'Export…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export the authority' });
  await dialog.getByLabel('With the private key of the authority').check();
  await dialog.getByLabel("Passphrase of the authority's key").fill(password);
  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Export everything' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^voke-certs-\d{4}-\d\d-\d\d\.tar$/);
  const entries = await unpackTar(new Uint8Array(await readFile(await file.path())));
  const key = entries.find(({ header }) => header.name === 'certs/ca/ca.key');
  expect(new TextDecoder().decode(key?.data)).toContain('BEGIN ENCRYPTED PRIVATE KEY');
});
