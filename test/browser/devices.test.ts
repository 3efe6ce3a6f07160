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

test('a device without a shell behind a jump host, whose key another address shows too', async ({
  page,
  console,
  complaints: _,
}) => {
  test.setTimeout(180_000);
  const jump = await startSshd();
  const plc = await startSshd({ lines: ['Subsystem sftp internal-sftp', 'ForceCommand internal-sftp'] });
  try {
    await createVault(page, console.url);
    await call(console, '/authority', quickAuthority);
    const add = async (name: string) =>
      (await call(console, '/plants', { name, authMethod: 'MTLS' })) as { plantId: string };
    const { plantId } = await add('Pump 4');
    const second = await add('Pump 5');
    await call(console, `/plants/${plantId}/provision`, { keyAlgorithm: 'EC-P256' });

    const open = (id: string) => page.goto(new URL(`/#/plants/${id}/device`, console.url).href);
    const keyOf = ({ authentication }: SshDevice) =>
      authentication.kind === 'privateKey' ? authentication.privateKeyPem : '';
    const logInBy = async (label: string, owner: string, key: string) => {
      await page.getByRole('combobox', { name: label }).click();
      await page.getByRole('option', { name: 'Private key' }).click();
      await page.getByRole('textbox', { name: `Private key ${owner}` }).fill(key);
    };
    const fillAddress = async (host: string) => {
      await page.getByRole('textbox', { name: /^Host/ }).fill(host);
      await page.getByLabel('Port', { exact: true }).fill(String(plc.port));
      await page.getByRole('textbox', { name: /^User/ }).fill(plc.username);
      await logInBy('Login with', 'on the device', keyOf(plc));
      await page.getByLabel('Directory for the files').fill(`${plc.base}/voke`);
    };
    const confirmIn = async (name: 'Jump host' | 'Device') => {
      const section = page.getByRole('region', { name, exact: true });
      await section.getByRole('button', { name: 'Fetch the host key' }).click();
      await section.getByRole('button', { name: 'It is the same: confirm' }).click();
      await expect(section.getByRole('button', { name: 'Look again' })).toBeVisible();
    };

    await open(plantId);
    await fillAddress('127.0.0.1');
    await page.getByRole('button', { name: /^Advanced/ }).click();
    await page.getByText('SFTP', { exact: true }).click();
    await expect(page.getByLabel('Command that restarts the MQTT client')).toHaveCount(0);
    await page.getByLabel('Owner of the files').fill('plc');
    await page.getByLabel('Go through a jump host').check();
    await page.getByRole('textbox', { name: 'Jump host', exact: true }).fill('127.0.0.1');
    await page.getByLabel('Jump port').fill(String(jump.port));
    await page.getByLabel('Jump user').fill(jump.username);
    await page.getByLabel('The jump host takes another login').check();
    await logInBy('Log in to the jump host with', 'on the jump host', keyOf(jump));
    await page.getByLabel('Allow outdated algorithms').check();
    await expect(page.getByText('This weakens the connection to this device:')).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: 'ssh-rsa' })).toContainText('SHA-1');
    await page.getByLabel('Allow outdated algorithms').uncheck();
    await page.getByRole('button', { name: 'Store address' }).click();
    await expect(page.getByText(/must be numbers/)).toBeVisible();
    await page.getByLabel('Owner of the files').fill('0:0');
    await page.getByRole('button', { name: 'Store address' }).click();

    await confirmIn('Jump host');
    await confirmIn('Device');
    const deploy = page.getByRole('region', { name: '3. Deploy' });
    await deploy.getByRole('button', { name: 'Check the device' }).click();
    await expect(deploy.getByText(/Files go over SFTP/)).toBeVisible();
    await deploy.getByLabel('Wait until the plant speaks to the broker with it').uncheck();
    await deploy.getByRole('button', { name: 'Deploy to the device' }).click();
    await expect(deploy.getByText('Deployed', { exact: true })).toBeVisible({ timeout: 30_000 });
    expect((await readdir(`${plc.base}/voke`)).includes('device.key')).toBe(true);
    await page.reload();
    await expect(page.getByRole('button', { name: /^Advanced/ })).toContainText('sftp, through 127.0.0.1');

    await open(second.plantId);
    await fillAddress('localhost');
    await page.getByRole('button', { name: 'Store address' }).click();
    await confirmIn('Device');
    const notice = page.getByRole('status').filter({ hasText: 'Other devices show this same host key' });
    await expect(notice.getByRole('link', { name: 'Pump 4' })).toBeVisible();
  } finally {
    await Promise.all([jump.stop(), plc.stop()]);
  }
});
