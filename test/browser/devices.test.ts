// A plant's device, from its address to the files that lie there, against a real sshd.

import { readdir, rm } from 'node:fs/promises';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';
import { call, createVault, expect, quickAuthority, test } from './support/fixtures.ts';

let device: SshDevice;
test.beforeAll(async () => {
  device = await startSshd();
});
test.afterAll(() => device.stop());

test('a credential is brought to the device, found there, lost and missed', async ({
  page,
  console,
  complaints: _,
}) => {
  if (device.authentication.kind !== 'privateKey') throw new Error('a key was expected');
  const directory = `${device.base}/voke`;
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  const { plantId } = (await call(console, '/plants', { name: 'Pump 4', authMethod: 'MTLS' })) as { plantId: string };
  await call(console, `/plants/${plantId}/provision`, { keyAlgorithm: 'EC-P256' });
  await page.goto(new URL(`/#/plants/${plantId}/device`, console.url).href);

  await page.getByRole('textbox', { name: /^Host/ }).fill(device.host);
  await page.getByLabel('Port').fill(String(device.port));
  await page.getByRole('textbox', { name: /^User/ }).fill(device.username);
  await page.getByRole('combobox', { name: 'Login with' }).click();
  await page.getByRole('option', { name: 'Private key' }).click();
  await page.getByRole('textbox', { name: /^Private key/ }).fill(device.authentication.privateKeyPem);
  await page.getByLabel('Directory for the files').fill(directory);
  await page.getByRole('button', { name: 'Store address' }).click();
  await page.getByRole('button', { name: 'Fetch the host key' }).click();
  await page.getByRole('button', { name: 'It is the same: confirm' }).click();

  const deploy = page.getByRole('region', { name: '3. Deploy' });
  await deploy.getByRole('button', { name: 'Check the device' }).click();
  const checks = deploy.getByRole('list', { name: 'Preflight' });
  await expect(checks.getByRole('listitem')).toHaveCount(9);
  await expect(checks.getByText("The clock agrees with this console's.")).toBeVisible();
  await expect(deploy.getByRole('row', { name: /device\.key 0600 new/ })).toBeVisible();
  await deploy.getByLabel('Wait until the plant speaks to the broker with it').uncheck();
  await deploy.getByRole('button', { name: 'Deploy to the device' }).click();
  await expect(deploy.getByText('Deployed', { exact: true })).toBeVisible({ timeout: 30_000 });
  expect((await readdir(directory)).filter((name) => !name.startsWith('.')).toSorted()).toEqual([
    'ca.crt',
    'connection.json',
    'device.crt',
    'device.key',
    'hmac.secret',
  ]);

  const state = page.getByRole('region', { name: 'On the device' });
  await expect(state.getByText('On the device', { exact: true }).last()).toBeVisible();
  await expect(state.getByRole('row', { name: /device\.key 0600/ })).toBeVisible();
  await rm(directory, { recursive: true });
  await state.getByRole('button', { name: 'Look again' }).click();
  await expect(state.getByText('Lost', { exact: true })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Plants' }).click();
  await expect(page.getByRole('row', { name: /Pump 4/ }).getByText('Lost')).toBeVisible();
});
