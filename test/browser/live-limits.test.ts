// What the monitor does not show: what has no room by the operator's budgets, what the broker dropped, and what strangers
// send to break the window. All of it is counted on screen, and nothing of it is executed.

import type { Page } from '@playwright/test';
import { connectAsync } from 'mqtt';
import { withContract } from './support/contract-client.ts';
import { expect, test } from './support/fixtures.ts';
import { openPlants, senderTo, topicRow, topicTree } from './support/live.ts';

const droppedOn = (page: Page) => page.getByLabel('What was dropped');

async function openSettings(page: Page) {
  await page.getByRole('button', { name: 'How to listen' }).click();
  return page.getByRole('dialog');
}

test('keeps no more than the operator allows, of what the operator wants to hear, and counts the rest', async ({
  page,
  console,
  complaints: _,
}) => {
  const site = await openPlants(page, console);
  const dialog = await openSettings(page);
  await dialog.getByLabel('Topic filters').fill('cpi/#/no');
  await dialog.getByLabel('Topics', { exact: true }).fill('0');
  await dialog.getByRole('button', { name: 'Listen' }).click();
  await expect(dialog.getByText('is no topic filter')).toBeVisible();
  await expect(dialog.getByText('must be 1 or more')).toBeVisible();
  await dialog.getByLabel('Topic filters').fill('cpi/hall/#');
  await dialog.getByLabel('Topics', { exact: true }).fill('2');
  await dialog.getByRole('button', { name: 'Listen' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Nothing heard yet')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Brokers' })).toContainText('Listening');

  const sender = await senderTo(site);
  await sender.publishAsync('cpi/elsewhere', 'unheard', { qos: 1 });
  for (let i = 0; i < 5; i++) await sender.publishAsync(`cpi/hall/${i}`, 'heard', { qos: 1 });
  await expect(droppedOn(page)).toContainText('3 messages of new topics without room');
  await expect(page.getByText(/2 topics · 2 messages/)).toBeVisible();
});

test('keeps values, properties and earlier messages within their bytes, and says what is missing', async ({
  page,
  console,
  complaints: _,
}) => {
  const site = await openPlants(page, console);
  const dialog = await openSettings(page);
  await dialog.getByLabel('Values, MiB').fill('1');
  await dialog.getByLabel('History, MiB').fill('1');
  await dialog.getByRole('button', { name: 'Listen' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('Nothing heard yet')).toBeVisible();

  const sender = await senderTo(site);
  for (let i = 0; i < 6; i++) await sender.publishAsync(`cpi/large/${i}`, `${i}`.repeat(200_000), { qos: 1 });
  await expect(droppedOn(page)).toContainText('1 value cut');
  await expect(droppedOn(page)).toContainText(/History\s*[1-9] made room/);
  const properties = { userProperties: { long: 'p'.repeat(60_000) } };
  await sender.publishAsync('cpi/large/5', '5'.repeat(200_000), { qos: 1, properties });
  await expect(droppedOn(page)).toContainText('properties of 1 message left out');
  await topicRow(page, '5').click();
  const message = page.getByRole('region', { name: 'Message' });
  await expect(message).toContainText('Its MQTT 5 properties were left out');
  await topicRow(page, '0').click();
  await message.getByText('History', { exact: true }).click();
  await expect(message).toContainText('0 of 1 message heard; 1 older one had to make room');
  // Reading them would hold everybody up.
  const many = { userProperties: { name: ['1', '2'].map((digit) => digit.repeat(40_000)) } };
  await sender.publishAsync('cpi/large/5', 'x', { qos: 1, properties: many });
  await expect(droppedOn(page)).toContainText('1 message too large');
});

test('tells what the broker dropped, by its own count', async ({ page, console, complaints: _ }) => {
  const { port, login } = await openPlants(page, console);
  await expect(droppedOn(page)).toContainText(/Broker\s*none dropped/, { timeout: 30_000 });
  // Mosquitto keeps some thousand messages for who is away, and drops the rest.
  const options = { ...login, clean: false, clientId: 'away', protocolVersion: 4 as const };
  const away = await connectAsync(`mqtt://127.0.0.1:${port}`, options);
  await away.subscribeAsync('cpi/hall/#', { qos: 1 });
  await away.endAsync();
  const sender = await senderTo({ brokerId: '', port, login });
  await Promise.all(Array.from({ length: 1500 }, (_n, i) => sender.publishAsync('cpi/hall/a', `${i}`, { qos: 1 })));
  await expect(droppedOn(page)).toContainText(/Broker\s*[\d,]+ messages/, { timeout: 30_000 });
});

test('goes on while thousands of new topics a second come, and finds one of them', async ({
  page,
  console,
  complaints: _,
}) => {
  const sender = await senderTo(await openPlants(page, console));
  let sent = 0;
  let isOver = false;
  const flood = (async () => {
    // Within the budget of 100,000.
    while (!isOver && sent < 90_000) {
      for (let i = 0; i < 60; i++, sent++) sender.publish(`cpi/plant${sent % 3000}/value${sent}`, `${sent}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await expect(topicRow(page, 'cpi')).toBeVisible();
  await page.getByLabel('Search topics and plant names').fill('value42');
  await expect(topicRow(page, 'value42')).toContainText('42');
  await topicRow(page, 'value42').click();
  await expect(page.getByRole('region', { name: 'Message' }).getByText('cpi/plant42/value42')).toBeVisible();
  isOver = true;
  await flood;
  await page.getByLabel('Search topics and plant names').fill('');
  const all = sent.toLocaleString('en');
  await expect(topicRow(page, 'cpi')).toContainText(`(${all} topics, ${all} messages)`);
  await topicTree(page).focus();
  await page.keyboard.press('End');
  await expect(topicTree(page).getByRole('treeitem').last()).toBeInViewport();
  // Of the thousands of rows only those around what is in sight are drawn.
  expect(Number(await topicTree(page).getByRole('treeitem').last().getAttribute('aria-posinset'))).toBeGreaterThan(500);
  expect(await topicTree(page).getByRole('treeitem').count()).toBeLessThan(100);
  await expect(droppedOn(page)).toContainText(/Console\s*none dropped/);
});

test('shows topics as long as they can be, and payloads made to break it, as text', async ({
  page,
  console,
  complaints: _,
}) => {
  const sender = await senderTo(await openPlants(page, console));
  const message = page.getByRole('region', { name: 'Message' });
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>\u001b[2J\u0000\u202e';
  await sender.publishAsync(`cpi/${'long'.repeat(16_000)}`, 'of a long name', { qos: 1 });
  await sender.publishAsync('cpi/html', JSON.stringify({ [hostile]: hostile }), { qos: 1 });
  await sender.publishAsync('cpi/nested', '['.repeat(200_000), { qos: 1 });
  await sender.publishAsync('cpi/bytes', Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]), { qos: 1 });

  await topicRow(page, 'html').click();
  await expect(message.getByRole('tree', { name: 'Payload' })).toContainText('<script>document.title=1</script>');
  for (const part of ['Changes', 'History', 'Value']) await message.getByText(part, { exact: true }).click();
  await topicRow(page, 'nested').click();
  await expect(message).toContainText('200,000 bytes');
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_n, i) => [`name${i}`, hostile.slice(0, 3)]));
  await sender.publishAsync('cpi/properties', 'x', { qos: 1, properties: { userProperties: many } });
  await topicRow(page, 'properties').click();
  await expect(message).toContainText('2800 more properties are not shown');
  await topicRow(page, 'bytes').click();
  await expect(message).toContainText('5 bytes');
  await page.getByLabel('Search topics and plant names').fill('longlong');
  await topicTree(page).getByRole('treeitem').last().click();
  await expect(message).toContainText('of a long name');
  await expect(page.locator('img[src=x], [aria-label=Message] script')).toHaveCount(0);
  expect(await page.title()).not.toBe('1');
});

test('listens as whom the operator chooses, says so, and says why a plant cannot be chosen', async ({
  page,
  console,
  complaints: _,
}) => {
  const site = await openPlants(page, console);
  await withContract(console, async ({ plants }) => {
    const { plantId } = await plants.create({ name: 'Handed over', site: 'South', authMethod: 'PASSWORD' });
    await plants.provision({ plantId, brokerId: site.brokerId });
    await plants.download({ plantId });
    for (let i = 0; i < 200; i++) await plants.create({ name: `Pump ${i}`, authMethod: 'MTLS' });
  });
  const strip = page.getByRole('region', { name: 'Brokers' });
  await expect(strip).toContainText('as the console');
  const dialog = await openSettings(page);
  const field = dialog.getByLabel('Listen as', { exact: true });
  await expect(field).toHaveValue('The console itself');
  const choose = async (typed: string, name: string) => {
    await field.click();
    await field.fill(typed);
    await page.getByRole('option', { name }).click();
  };
  await choose('south', 'Handed over');
  await expect(dialog.getByText('they lie on the device alone')).toBeVisible();
  await dialog.getByRole('button', { name: 'Listen' }).click();
  await expect(dialog).toBeVisible();
  await choose('199', 'Pump 199');
  await expect(dialog.getByText('No credential was issued to it yet')).toBeVisible();
  await choose('sender', 'Sender to Site');
  await expect(dialog.getByText(`PASSWORD, user name ${site.login.username}`)).toBeVisible();
  await dialog.getByRole('button', { name: 'Listen' }).click();
  await expect(strip).toContainText('as Sender to Site');
  await expect(page.getByText('The console listens as Sender to Site')).toBeVisible();
  const sender = await senderTo(site);
  await sender.publishAsync('cpi/hall/a', 'heard', { qos: 1 });
  await expect(topicRow(page, 'a')).toContainText('heard');
  await openSettings(page);
  await expect(field).toHaveValue(/Sender to Site/);
});
