// Recording what a real Mosquitto sends, and playing it again, in a real Chromium.

import { readFile } from 'node:fs/promises';
import mqtt from 'mqtt';
import { maxRecordedPayloadBytes } from '../../electron/monitor/recording/recorded-message.ts';
import { startLiveBroker } from '../support/live-broker.ts';
import { withContract } from './support/contract-client.ts';
import { createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

test('records, tells how far it is and what is missing, keeps the fingerprint, takes a cut one in, and plays it again', async ({
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
  // `Disconnect` is there while it still connects, and what is said then nobody hears.
  const strip = page.getByRole('region', { name: 'Brokers', exact: true });
  await expect(strip).toContainText('Listening');

  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await page.getByLabel('Note').fill('Trial of the pump');
  await page.getByRole('button', { name: 'Start recording' }).click();
  const bar = page.getByRole('region', { name: 'Recording', exact: true });
  await expect(bar.getByRole('button', { name: 'Stop recording' })).toBeVisible();
  await expect(bar).toContainText('nothing is missing');
  const say = (value: string) => sender.publishAsync('cpi/hall/pressure', value, { qos: 1 });
  await say('7 bar');
  await sender.publishAsync('cpi/hall/picture', Buffer.alloc(maxRecordedPayloadBytes + 1), { qos: 1 });
  await expect(bar).toContainText('1 message was too large');
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(bar).toContainText('the connection was away once');
  await expect(strip).toContainText('Not listening');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(strip).toContainText('Listening');
  await say('8 bar');
  await expect(bar).toContainText('2 messages');
  await say('9 bar');
  await sender.endAsync(true);
  await expect(bar).toContainText('3 messages');
  await bar.getByRole('button', { name: 'Stop recording' }).click();
  await expect(bar.getByRole('button', { name: 'Record', exact: true })).toBeVisible();

  await bar.getByRole('button', { name: 'Recordings' }).click();
  const item = page.getByRole('listitem', { name: 'Trial of the pump' });
  await expect(item).toContainText('complete · 3 messages');
  await expect(item).toContainText('Missing: 1 message was too large, the connection was away once for');
  await expect(item).toContainText('Heard as the console · filter cpi/#');
  await expect(item).toContainText('SHA-256');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    item.getByRole('button', { name: 'Save', exact: true }).click(),
  ]);
  const whole = await readFile(await download.path());
  const saved = page.waitForEvent('download');
  await item.getByRole('button', { name: 'Save as CSV' }).click();
  expect((await saved).suggestedFilename()).toMatch(/^recording-.*\.csv$/);
  await item.getByRole('button', { name: 'Delete' }).click();
  const deletion = page.getByRole('dialog', { name: 'Delete this recording?' });
  await expect(deletion).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(deletion).toBeHidden();
  await item.getByRole('button', { name: 'To the practice broker' }).click();
  await expect(item).toContainText('The practice broker does not run');

  const choosing = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import a recording' }).click();
  await (await choosing).setFiles({
    name: 'stranger.gz',
    mimeType: 'application/gzip',
    buffer: Buffer.from('nothing'),
  });
  await expect(page.getByRole('dialog')).toContainText('This file is not a recording');
  const choosingAgain = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Import a recording' }).click();
  const cut = whole.subarray(0, whole.length - 9);
  await (await choosingAgain).setFiles({ name: 'From the night shift.gz', mimeType: 'application/gzip', buffer: cut });
  const imported = page.getByRole('listitem', { name: 'From the night shift.gz' });
  await expect(imported).toContainText('cut in the middle');
  await expect(imported).toContainText('What is missing in it is not known.');
  await item.getByRole('button', { name: 'Replay', exact: true }).click();

  await expect(page.getByRole('heading', { name: 'Replay' })).toBeVisible();
  const replay = page.getByRole('region', { name: 'Replay' });
  await expect(replay).toContainText('“Trial of the pump”');
  const row = page.getByRole('treeitem').filter({ has: page.getByText('pressure', { exact: true }) });
  await replay.getByRole('button', { name: 'Hold the replay' }).click();
  await expect(replay).toContainText('held');
  const slider = replay.getByRole('slider', { name: 'Time' });
  await slider.press('End');
  await expect(row).toContainText('8 bar');
  await expect(replay).toContainText('held · 2 messages');
  await expect(replay).toContainText('the connection was away for');
  await slider.press('Home');
  await expect(row).toBeHidden();
  await expect(replay).toContainText('held · 0 messages');
  await replay.getByRole('combobox', { name: 'Speed' }).click();
  await page.getByRole('option', { name: 'Fastest' }).click();
  await replay.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(row).toContainText('9 bar');
  await expect(replay).toContainText('at its end · 3 messages');
  await replay.getByRole('button', { name: 'Play again' }).click();
  await expect(replay).toContainText('at its end · 3 messages');
  await replay.getByRole('button', { name: 'End the replay' }).click();
  await expect(page.getByRole('heading', { name: 'Live topics' })).toBeVisible();
});
