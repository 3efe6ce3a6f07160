// Why a plant does not connect, from its own screen and by parameters.

import { freePorts } from '../../electron/platform/free-port.ts';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';
import type { HeadlessConsole } from './support/headless-console.ts';

test('a plant is examined before and after its broker runs', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  const { brokerId } = await addBroker(console);
  const { plantId } = await addPlant(console);
  await openScreen(page, 'Plants');
  await page.getByRole('link', { name: 'Pump station 4' }).or(page.getByText('Pump station 4')).first().click();
  await page.getByRole('link', { name: 'Why does it not connect?' }).click();
  await expect(page.getByRole('heading', { name: 'Connection doctor' })).toBeVisible();

  await page.getByRole('button', { name: 'Examine' }).click();
  const found = page.getByRole('region', { name: 'Pump station 4' });
  await expect(found.getByText('The host is there, but no broker listens on any known port.')).toBeVisible();
  await expect(found.getByText('Start the broker, and look at its log')).toBeVisible();
  const steps = found.getByRole('list', { name: 'The way of the connection' });
  await expect(steps.getByRole('listitem').filter({ hasText: /^CONNECT/ })).toContainText('not reached');

  await push(console, brokerId);
  await page.getByLabel('Also send a test message each way').check();
  await page.getByRole('button', { name: 'Examine' }).click();
  await expect(found.getByText('Nothing stands in the way.')).toBeVisible({ timeout: 20_000 });
  await expect(steps.getByRole('listitem').filter({ hasText: /^Receive/ })).toContainText('came through');
  await steps.getByRole('button', { name: 'Evidence of TLS' }).click();
  await expect(steps.getByText('DNS:localhost')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Lock' })).toBeInViewport();

  const { items } = (await call(console, '/audit')) as { items: { action: string; subject: string }[] };
  expect(items.filter(({ action }) => action === 'connection.diagnosed')).toMatchObject([{ subject: plantId }, {}]);
});

test('parameters are tried, and the report that is copied holds no secret', async ({
  page,
  context,
  console,
  complaints: _,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await createVault(page, console.url);
  const { brokerId, ports } = await addBroker(console);
  await addPlant(console);
  await push(console, brokerId);

  await openScreen(page, 'Broker');
  await page.getByRole('button', { name: 'More for Practice' }).click();
  await page.getByRole('menuitem', { name: 'Why does it not connect?' }).click();
  await expect(page.getByRole('textbox', { name: 'Host' })).toHaveValue('localhost');
  await page.getByLabel('Port').fill(String(ports.password));
  await page.getByLabel('User name').fill('plc-a1b2c3d4');
  await page.getByLabel('Password or token').fill('a-secret-of-the-plant');
  await page.getByRole('button', { name: 'Examine' }).click();
  const found = page.getByRole('region', { name: `localhost:${ports.password}` });
  await expect(found.getByText('The password is wrong.')).toBeVisible({ timeout: 20_000 });

  await found.getByRole('button', { name: 'Copy report' }).click();
  await expect(found.getByRole('button', { name: 'Copied' })).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain('Likeliest cause: The password is wrong. [connect/password-wrong]');
  expect(report).toContain('CONNECT: failed');
  expect(report).not.toContain('a-secret-of-the-plant');

  // What is no port is examined as no other port either: the findings above stay.
  await page.getByRole('textbox', { name: 'Host' }).fill('');
  await page.getByLabel('Port').fill('70000');
  await page.getByRole('button', { name: 'Examine' }).click();
  await expect(page.getByText('must not be empty')).toBeVisible();
  await expect(page.getByText('must be 65535 or less')).toBeVisible();
  await expect(page.getByLabel('Port')).toHaveValue('70000');
  await expect(found.getByText('The password is wrong.')).toBeVisible();
});

async function addBroker(console: HeadlessConsole) {
  await call(console, '/authority', quickAuthority);
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const ports = { mtls, password, token };
  const input = { name: 'Practice', target: { kind: 'practice' }, host: 'localhost', ports };
  const { brokerId } = (await call(console, '/brokers', input)) as { brokerId: string };
  return { brokerId, ports };
}

async function addPlant(console: HeadlessConsole) {
  const plantId = 'a1b2c3d4-0000-4000-8000-00000000d0c0';
  await call(console, '/plants', { plantId, name: 'Pump station 4', site: 'Brno', authMethod: 'PASSWORD' });
  await call(console, `/plants/${plantId}/provision`, {});
  return { plantId };
}

async function push(console: HeadlessConsole, brokerId: string) {
  const { jobId } = (await call(console, `/brokers/${brokerId}/push`, {})) as { jobId: string };
  await expect
    .poll(async () => ((await call(console, `/jobs/${jobId}`)) as { state: string }).state, { timeout: 60_000 })
    .toBe('succeeded');
}
