// Where rules are asked: by the token of a real subject, by the policy service, and by the practice broker.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { Page } from '@playwright/test';
import { SignJWT } from 'jose';
import { createVault, expect, openScreen, test } from './support/fixtures.ts';

const tab = (page: Page, name: string) => page.getByRole('tab', { name }).click();

async function putExampleInForce(page: Page, url: string): Promise<void> {
  await createVault(page, url);
  await openScreen(page, 'Policy');
  await page.getByRole('button', { name: 'Start with an example' }).click();
  await page.getByRole('button', { name: 'Save…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Put in force…' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Put in force' }).click();
  await expect(page.getByText('Version 1, in force', { exact: true })).toBeVisible();
}

const tokenBy = (key: KeyObject, end: string) =>
  new SignJWT({ groups: ['/viewers'] })
    .setProtectedHeader({ alg: 'ES256' })
    .setSubject('ann')
    .setExpirationTime(end)
    .sign(key);

test('a pasted token is checked by the keys of the service, which is set and switched here', async ({
  page,
  console,
  complaints: _,
}) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await putExampleInForce(page, console.url);
  await tab(page, 'Service');
  const panel = page.getByRole('region', { name: 'Policy service' });
  await panel.getByRole('button', { name: 'Settings…' }).click();
  const settings = page.getByRole('dialog', { name: 'Settings of the policy service' });
  await settings.getByLabel('Listen on').fill('localhost');
  await settings.getByLabel('Port').fill('0');
  await settings.getByRole('combobox', { name: 'Tokens are checked by' }).click();
  await page.getByRole('option', { name: 'A public key (PEM)' }).click();
  await settings
    .getByLabel('Public key', { exact: true })
    .fill(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  await settings.getByRole('button', { name: 'Save' }).click();
  await expect(settings.getByText('must be an IP address')).toBeVisible();
  await settings.getByLabel('Listen on').fill('127.0.0.1');
  await settings.getByRole('button', { name: 'Save' }).click();
  await panel.getByRole('button', { name: 'Start' }).click();
  await expect(panel.getByText('Running', { exact: true })).toBeVisible();
  const address = (await panel.getByText(/^http:\/\/127\.0\.0\.1:\d+$/).innerText()).trim();
  const answer = await fetch(`${address}/mqtt/acl`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenBy(privateKey, '5m')}` },
    body: JSON.stringify({ topic: 'celine/telemetry/a/b/readings', acc: 1, clientid: 'x' }),
  });
  expect([answer.status, await answer.json()]).toEqual([200, expect.objectContaining({ ok: true })]);

  await tab(page, 'Try it');
  await page.getByText('By its token').click();
  await page.getByText('Read', { exact: true }).click();
  await page.getByLabel(/^Topic/).fill('celine/telemetry/a/b/readings');
  await page.getByLabel('Token (JWT)', { exact: true }).fill(await tokenBy(privateKey, '5m'));
  await expect(page.getByRole('status', { name: 'Decision' })).toContainText('User ann in viewers may read');
  await page.getByLabel('Token (JWT)', { exact: true }).fill(await tokenBy(privateKey, '1 minute ago'));
  await expect(page.getByText('The token has expired. Get a new one.')).toBeVisible();
  await tab(page, 'Service');
  await panel.getByRole('button', { name: 'Stop' }).click();
  await expect(panel.getByText('Off', { exact: true })).toBeVisible();
});

test('the practice broker asks the policy, and a token for trying it is made', async ({
  page,
  console,
  complaints: _,
}) => {
  await putExampleInForce(page, console.url);
  await tab(page, 'Service');
  const panel = page.getByRole('region', { name: 'Try it for real' });
  await panel.getByRole('link', { name: 'Start the practice plant first' }).click();
  await page.getByRole('button', { name: /start/i }).first().click();
  await expect(page.getByText('The practice plant is running')).toBeVisible({ timeout: 60_000 });
  await openScreen(page, 'Policy');
  await tab(page, 'Try it');
  await page.getByLabel(/^Id/).fill('ann');
  await page.getByRole('combobox', { name: 'Groups' }).fill('viewers');
  await page.keyboard.press('Enter');
  await tab(page, 'Service');
  const asks = panel.getByLabel('The practice broker asks the policy');
  await asks.click();
  await expect(asks).toBeChecked();
  await panel.getByRole('button', { name: 'Make a token' }).click();
  await panel.getByRole('button', { name: /^Show/ }).click();
  await expect(panel.getByText(/^eyJ/)).toBeVisible();
  await asks.click();
  await expect(asks).not.toBeChecked();
  await expect(panel.getByRole('button', { name: 'Make a token' })).toHaveCount(0);
});
