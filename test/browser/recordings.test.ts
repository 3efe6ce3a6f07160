// Recording what a real Mosquitto sends, and playing it again, in a real Chromium.

import mqtt from 'mqtt';
import { startLiveBroker } from '../support/live-broker.ts';
import { withContract } from './support/contract-client.ts';
import { createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

test('records, tells how far it is, keeps the fingerprint, and plays it again as a replay', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  const brokers: Awaited<ReturnType<typeof startLiveBroker>>[] = [];
  await withContract(console, async (client) => {
    await client.authority.create(quickAuthority as Parameters<typeof client.authority.create>[0]);
    brokers.push(await startLiveBroker(client, 'Site'));
  });
  const [site] = brokers;
  if (!site) throw new Error('no broker');
  await openScreen(page, 'Live topics');
  const sender = await mqtt.connectAsync(`mqtt://127.0.0.1:${site.port}`, { ...site.login, protocolVersion: 5 });
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeVisible();

  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByLabel('Note').fill('Trial of the pump');
  await page.getByRole('button', { name: 'Start recording' }).click();
  const bar = page.getByRole('region', { name: 'Recording', exact: true });
  await expect(bar.getByRole('button', { name: 'Stop recording' })).toBeVisible();
  for (const value of ['7 bar', '8 bar', '9 bar']) await sender.publishAsync('cpi/hall/pressure', value, { qos: 1 });
  await sender.endAsync(true);
  await expect(bar).toContainText('3 messages');
  await bar.getByRole('button', { name: 'Stop recording' }).click();
  await expect(bar.getByRole('button', { name: 'Record', exact: true })).toBeVisible();

  await bar.getByRole('button', { name: 'Recordings' }).click();
  const item = page.getByRole('listitem', { name: 'Trial of the pump' });
  await expect(item).toContainText('complete · 3 messages');
  await expect(item).toContainText('SHA-256');
  const saved = page.waitForEvent('download');
  await item.getByRole('button', { name: 'Save as CSV' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^recording-.*\.csv$/);
  await item.getByRole('button', { name: 'To the practice broker' }).click();
  await expect(item).toContainText('The practice broker does not run');
  await item.getByRole('button', { name: 'Replay', exact: true }).click();

  await expect(page.getByRole('heading', { name: 'Replay' })).toBeVisible();
  const replay = page.getByRole('region', { name: 'Replay' });
  await expect(replay).toContainText('“Trial of the pump”');
  const row = page.getByRole('treeitem').filter({ has: page.getByText('pressure', { exact: true }) });
  await expect(row).toContainText('9 bar');
  await expect(replay).toContainText('at its end · 3 messages');
  await replay.getByRole('button', { name: 'End the replay' }).click();
  await expect(page.getByRole('heading', { name: 'Live topics' })).toBeVisible();
});
