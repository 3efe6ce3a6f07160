// An operator sets a broker up with nothing but the screens: another host with a real sshd and a real mosquitto.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { freePorts } from '../../electron/platform/free-port.ts';
import { type BrokerHost, startBrokerHost } from '../support/broker-host.ts';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

let host: BrokerHost;
test.beforeAll(async () => {
  host = await startBrokerHost('service');
  // What lets everybody in would be somebody else's listener, and the push be refused.
  await writeFile(join(host.configDirectory, 'mosquitto.conf'), '');
});
test.afterAll(() => host.stop());

test('a broker behind SSH is added, its login and host key entered, and pushed', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  await openScreen(page, 'Broker');
  await page.getByRole('button', { name: 'Add broker' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add broker' });
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('Hall 7');
  await dialog.getByRole('textbox', { name: /^Host/ }).fill('localhost');
  await dialog.getByLabel('SSH address').fill('not a host');
  // A number is taken as it was entered, or the field says what is wrong with it.
  const port = dialog.getByLabel('Port', { exact: true });
  await port.fill('70000');
  await port.blur();
  await expect(dialog.getByText('1 to 65535')).toBeVisible();
  await expect(port).toHaveValue('70000');
  await paste(port, '22 or 23');
  await expect(dialog.getByText('what was pasted is not a whole number')).toBeVisible();
  await expect(port).toHaveValue('70000');
  await paste(port, '1e3');
  await expect(port).toHaveValue('1000');
  await port.fill(String(host.device.port));
  await dialog.getByLabel('User', { exact: true }).fill(host.device.username);
  await dialog.getByLabel('This user becomes root with sudo').check();
  await dialog.getByRole('button', { name: /Directory and jump host/ }).click();
  await dialog.getByLabel('Directory of mosquitto.conf').fill('/etc/with a space');
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  for (const [label, port] of [
    ['Certificate (mTLS)', mtls],
    ['Password', password],
    ['Token', token],
  ] as const) {
    await dialog.getByLabel(label, { exact: true }).fill(String(port));
  }
  await dialog.getByRole('button', { name: 'Add broker' }).click();
  await expect(dialog.getByText('must be a host name or an IP address')).toBeVisible();
  await expect(dialog.getByText(/must be an absolute path/)).toBeVisible();
  await dialog.getByLabel('SSH address').fill('127.0.0.1');
  await dialog.getByLabel('Directory of mosquitto.conf').fill(host.configDirectory);
  await dialog.getByRole('button', { name: 'Add broker' }).click();
  await expect(dialog).toBeHidden();

  const card = page.getByRole('region', { name: 'Hall 7', exact: true });
  await expect(card.getByRole('button', { name: 'Push', exact: true })).toBeDisabled();
  const login = card.getByRole('listitem', { name: 'Login', exact: true });
  if (host.device.authentication.kind !== 'password') throw new Error('a password was expected');
  const secret = host.device.authentication.password;
  await login.getByLabel(/^Password of/).fill(secret);
  await login.getByRole('button', { name: 'Store login' }).click();
  await expect(login.getByText('Stored sealed in the vault')).toBeVisible();
  await expect(login.getByLabel(/^Password of/)).toHaveCount(0);

  const key = card.getByRole('listitem', { name: /^Key of the broker host/ });
  await key.getByRole('button', { name: 'Fetch the host key' }).click();
  await expect(key.getByText(host.device.fingerprint)).toBeVisible();
  await key.getByRole('button', { name: 'It is the same: confirm' }).click();
  await expect(card.getByText(/login stored, host key confirmed/)).toBeVisible();

  await card.getByRole('button', { name: 'Push', exact: true }).click();
  await expect(card.getByText('Pushed, probed and in force')).toBeVisible({ timeout: 60_000 });
  expect(await page.content()).not.toContain(secret);
});

test('what a broker in a container needs is asked for, and an engine that is not there is said so', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  await openScreen(page, 'Broker');
  await page.getByRole('button', { name: 'Add broker' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Add broker' });
  await dialog.getByRole('textbox', { name: /^Name/ }).fill('Hall 8');
  await dialog.getByRole('radio', { name: /Mosquitto in a container/ }).check();
  await dialog.getByRole('textbox', { name: /^Host/ }).fill('localhost');
  await dialog.getByRole('radio', { name: /plantops/ }).check();
  await expect(dialog.getByLabel('WebSockets')).toHaveValue('9001');
  await dialog.getByRole('button', { name: /Engine and directory/ }).click();
  await dialog.getByLabel('Socket', { exact: true }).fill('/nowhere/docker.sock');
  await dialog.getByRole('button', { name: 'Add broker' }).click();
  await expect(dialog).toBeHidden();
  const card = page.getByRole('region', { name: 'Hall 8', exact: true });
  await card.getByRole('button', { name: 'Look again' }).click();
  await expect(card.getByText(/The Docker engine does not answer/)).toBeVisible();
  await expect(
    card
      .getByRole('button', { name: 'Load image' })
      .or(card.getByText(/Load an image/))
      .first(),
  ).toBeVisible();
});

const paste = (field: Locator, text: string) =>
  field.evaluate((input, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text', pasted);
    input.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
