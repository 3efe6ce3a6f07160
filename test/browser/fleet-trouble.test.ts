// Plants in trouble as an operator sees them, and thousands of plants at once.

import { connect } from 'node:net';
import mqtt from 'mqtt';
import { probeConnect } from '../../electron/broker/probe.ts';
import { freePorts } from '../../electron/platform/free-port.ts';
import { deviceInputSchema } from '../../shared/model/device.ts';
import { type Sender, startSenders } from '../support/fleet-senders.ts';
import { startLiveBroker } from '../support/live-broker.ts';
import { withContract } from './support/contract-client.ts';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

const senders: Sender[] = [];
test.afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.end();
});

const dayMs = 86_400_000;
const plantAddress = '127.0.0.2';

test('tells of plants that are refused or silent, credentials that end, and messages that nobody checked', async ({
  page,
  console,
  complaints: _,
}) => {
  // A plant must be silent for half a minute to be stale.
  test.slow();
  await createVault(page, console.url);
  const { port, shortLived } = await withContract(console, async (client) => {
    await client.authority.create(quickAuthority as Parameters<typeof client.authority.create>[0]);
    const broker = await startLiveBroker(client);
    senders.push(...(await startSenders(client, broker, [{ name: 'Chatterbox', site: 'North' }])));
    const { plantId } = await client.plants.create({ name: 'Short-lived', site: 'South', authMethod: 'MTLS' });
    const [mtls = 0, password = 0, token = 0] = await freePorts(3);
    const other = { name: 'Other', target: { kind: 'process' }, host: 'localhost', ports: { mtls, password, token } };
    const { brokerId } = await client.brokers.create(other as Parameters<typeof client.brokers.create>[0]);
    const notAfter = new Date(Date.now() + 3.5 * dayMs).toISOString();
    await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256', validity: { notAfter } });
    const login = { kind: 'password', password: 'of no use here' } as const;
    const device = deviceInputSchema.parse({ host: plantAddress, port: 22, username: 'plc', login });
    await client.plants.putDevice({ plantId, device });
    return { port: broker.port, shortLived: plantId };
  });
  const [chatterbox] = senders;
  await Promise.all(Array.from({ length: 20 }, () => chatterbox?.telemetry()));

  await openScreen(page, 'Fleet');
  const table = page.getByRole('table', { name: 'Fleet' });
  const rowOf = (name: string) => table.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  await expect(rowOf('Chatterbox')).toContainText(/Online.*\d+ not checked/);
  await expect(rowOf('Short-lived')).toContainText(/Never seen.*4 days/);
  await expect(page.getByRole('region', { name: 'Sites' }).getByRole('button', { name: /South/ })).toContainText(
    '0 of 1 online · 1 to look at',
  );

  // The console itself tried what must be refused, to the end of the second of the push.
  await page.waitForTimeout(1000);
  const wrong = { clientId: 'plc-x', username: 'plc-x', password: 'wrong', reconnectPeriod: 0 };
  await expect(mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, wrong)).rejects.toThrow(/not authorized/i);
  await expect(page.getByText(/Site refused 1 login in the last 15 minutes.*from 127\.0\.0\.1\./)).toBeVisible({
    timeout: 20_000,
  });

  // Mosquitto 2.0 names nobody whom it refuses: it is told by the address of the plant's device.
  const openStream = async () => connect({ host: '127.0.0.1', port, localAddress: plantAddress });
  const identity = { clientId: 'plc-y', username: shortLived, password: 'wrong' };
  const { outcome } = await probeConnect({ host: '127.0.0.1', port, openStream, protocol: 'mqtt' }, identity);
  expect(outcome).toBe('refused');
  await expect(rowOf('Short-lived')).toContainText('Refused');
  await expect(rowOf('Short-lived').locator('[data-tone="fault"] svg').first()).toBeVisible();
  // It has its session still, and has said nothing for half a minute.
  await expect(rowOf('Chatterbox')).toContainText('Stale', { timeout: 60_000 });
  await expect(rowOf('Chatterbox').locator('[data-tone="attention"] svg').first()).toBeVisible();

  await page.getByRole('link', { name: 'Find out why' }).click();
  await expect(page.getByRole('heading', { name: 'Connection doctor' })).toBeVisible();
});

test('five thousand plants are found, sorted and scrolled by keyboard, and only those in sight are drawn', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  const lines = Array.from({ length: 5000 }, (_, i) => `Plant ${i},Site ${String(i % 50).padStart(2, '0')},PASSWORD`);
  const { jobId } = (await call(console, '/plants/import', { csv: `name,site,auth method\n${lines.join('\n')}` })) as {
    jobId: string;
  };
  const jobState = async () => ((await call(console, `/jobs/${jobId}`)) as { state: string }).state;
  await expect.poll(jobState, { timeout: 60_000 }).toBe('succeeded');

  await openScreen(page, 'Fleet');
  const table = page.getByRole('table', { name: 'Fleet' });
  await expect(table).toHaveAttribute('aria-rowcount', '5001', { timeout: 30_000 });
  await expect(page.getByRole('status').filter({ hasText: '5,000 plants' })).toBeVisible();
  expect(await table.getByRole('row').count()).toBeLessThan(60);
  await expect(table.getByRole('link').first()).toHaveText('Plant 0');

  await table.getByRole('button', { name: 'Plant' }).press('Enter');
  await page.keyboard.press('Enter');
  await expect(table.getByRole('columnheader', { name: 'Plant' })).toHaveAttribute('aria-sort', 'descending');
  await expect(table.getByRole('link').first()).toHaveText('Plant 4999');
  // A machine that is busy may lose a key that scrolls.
  await expect(async () => {
    await table.getByRole('link').first().press('End');
    await expect(table.getByRole('link', { name: 'Plant 0', exact: true })).toBeVisible({ timeout: 3000 });
  }).toPass();
  expect(await table.getByRole('row').count()).toBeLessThan(60);

  await page.getByLabel('Search name, site or id').fill('site 07');
  await expect(page.getByRole('status').filter({ hasText: '100 of 5,000 plants' })).toBeVisible();
  await page.getByRole('radio', { name: /^Online/ }).press('Space');
  await expect(page.getByText('No plant fits the filter')).toBeVisible();
  await page.getByRole('button', { name: 'Show all plants' }).click();
  await table.getByRole('link', { name: 'Plant 4998', exact: true }).press('Enter');
  await expect(page.getByRole('heading', { name: 'Plant 4998' })).toBeVisible();
});
