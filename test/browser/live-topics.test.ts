// The topic tree in a real Chromium, of a real Mosquitto: what it shows, how it is searched, held and walked through, and
// what it says of what it does not show.

import type { Locator, Page } from '@playwright/test';
import mqtt, { type MqttClient } from 'mqtt';
import { type LiveBroker, startLiveBroker } from '../support/live-broker.ts';
import { withContract } from './support/contract-client.ts';
import { createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';
import type { HeadlessConsole } from './support/headless-console.ts';

const clients: MqttClient[] = [];
test.afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});

const senderTo = async ({ port, login }: LiveBroker): Promise<MqttClient> => {
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { ...login, protocolVersion: 5 });
  clients.push(client);
  return client;
};

/** A vault with an authority, and brokers that the console listens to; the first one is shown. */
async function openLive(page: Page, console: HeadlessConsole, ...names: string[]): Promise<LiveBroker[]> {
  await createVault(page, console.url);
  const brokers: LiveBroker[] = [];
  await withContract(console, async (client) => {
    await client.authority.create(quickAuthority as Parameters<typeof client.authority.create>[0]);
    for (const name of names) brokers.push(await startLiveBroker(client, name));
  });
  await openScreen(page, 'Live topics');
  return brokers;
}

const treeOf = (page: Page): Locator => page.getByRole('tree', { name: 'Topic tree' });
const rowOf = (page: Page, name: string): Locator =>
  treeOf(page)
    .getByRole('treeitem')
    .filter({ has: page.getByText(name, { exact: true }) });

test('shows values, counts, rates and marks; stands still while paused; finds by a part of a topic', async ({
  page,
  console,
  complaints: _,
}) => {
  const [site] = await openLive(page, console, 'Site');
  if (!site) throw new Error('no broker');
  const sender = await senderTo(site);
  let value = 0;
  const publish = async () => {
    value += 1;
    await sender.publishAsync('cpi/hall/temperature', `${value} °C`, { qos: 1 });
  };
  await sender.publishAsync('cpi/hall/info', '{"model":"X"}', { qos: 1 });
  for (let i = 0; i < 3; i++) await publish();

  await expect(rowOf(page, 'cpi')).toContainText('(2 topics, 4 messages)');
  await expect(rowOf(page, 'hall')).toContainText('(2 topics, 4 messages)');
  await expect(rowOf(page, 'temperature')).toContainText('3 °C');
  await expect(rowOf(page, 'temperature')).toContainText('/s');
  await expect(page.getByText(/2 topics · 4 messages/)).toBeVisible();
  await expect(rowOf(page, 'temperature')).toHaveAttribute('aria-level', '3');
  await expect(rowOf(page, 'temperature')).toHaveAttribute('aria-posinset', '2');

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('paused, the counts go on')).toBeVisible();
  await publish();
  await expect(page.getByText(/2 topics · 5 messages/)).toBeVisible();
  await expect(rowOf(page, 'temperature')).toContainText('3 °C');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(rowOf(page, 'temperature')).toContainText('4 °C');

  await rowOf(page, 'temperature').click();
  const message = page.getByRole('region', { name: 'Message' });
  await expect(message.getByText('cpi/hall/temperature')).toBeVisible();
  await expect(message.getByText('4 °C')).toBeVisible();
  await publish();
  await expect(message.getByText('5 °C')).toBeVisible();

  const search = page.getByLabel('Search topics and plant names');
  await search.fill('TEMP');
  await expect(rowOf(page, 'temperature')).toBeVisible();
  await expect(rowOf(page, 'info')).toHaveCount(0);
  await expect(page.getByText('1 topic fits the search')).toBeVisible();
  await search.fill('no such topic');
  await expect(page.getByText('No topic fits the search')).toBeVisible();
  await page.getByRole('button', { name: 'Show all topics' }).click();
  await expect(rowOf(page, 'info')).toBeVisible();

  // What the broker had kept is marked as such once the console comes to hear it anew.
  await sender.publishAsync('cpi/hall/info', '{"model":"Y"}', { qos: 1, retain: true });
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(rowOf(page, 'info')).toContainText('retained');
});

test('is walked through by the keyboard, as one stop of the tab key', async ({ page, console, complaints: _ }) => {
  const [site] = await openLive(page, console, 'Site');
  if (!site) throw new Error('no broker');
  const sender = await senderTo(site);
  for (let plant = 0; plant < 300; plant++) await sender.publishAsync(`cpi/plant${plant}/status`, 'ok', { qos: 0 });
  await expect(page.getByText(/300 topics/).first()).toBeVisible();
  const tree = treeOf(page);
  const current = async () => {
    const id = await tree.getAttribute('aria-activedescendant');
    return id ? await page.locator(`#${id}`).innerText() : '';
  };
  const at = (name: string) => expect.poll(async () => (await current()).split('\n')[0]?.trim()).toBe(name);

  await tree.focus();
  await at('cpi');
  await page.keyboard.press('ArrowDown');
  await at('plant0');
  await page.keyboard.press('ArrowRight');
  await at('status');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Message' }).getByText('cpi/plant0/status')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await at('plant0');
  await page.keyboard.press('ArrowLeft');
  await expect(rowOf(page, 'plant0')).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('End');
  await at('plant299');
  await expect(rowOf(page, 'plant299')).toBeInViewport();
  await page.keyboard.press('ArrowRight');
  await expect(rowOf(page, 'plant299')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowRight');
  await at('status');
  await page.keyboard.press('Home');
  await at('cpi');
  await expect(rowOf(page, 'cpi')).toBeInViewport();
  await page.keyboard.press('ArrowLeft');
  await expect(tree.getByRole('treeitem')).toHaveCount(1);
});

test('names and values of strangers are text, and what has no room is counted', async ({
  page,
  console,
  complaints: _,
}) => {
  const [site] = await openLive(page, console, 'Site');
  if (!site) throw new Error('no broker');
  const sender = await senderTo(site);
  const markup = '<img src=x onerror="document.title=1">';
  await sender.publishAsync(`cpi/${markup}`, `${markup}\u001b[2J`, { qos: 1 });
  await sender.publishAsync('cpi/\u202efdp.exe', 'turned', { qos: 1 });
  await sender.publishAsync(`cpi/deep${'/x'.repeat(150)}`, 'far down', { qos: 1 });
  await sender.publishAsync('cpi/huge', 'H'.repeat(1_000_000), { qos: 1 });

  await expect(rowOf(page, markup)).toContainText(`${markup}\\u001b[2J`);
  await expect(rowOf(page, '\\u202efdp.exe')).toBeVisible();
  await rowOf(page, '\\u202efdp.exe').click();
  await expect(page.getByRole('region', { name: 'Message' }).getByText('cpi/\\u202efdp.exe')).toBeVisible();
  const dropped = page.getByLabel('What was dropped');
  await expect(dropped).toContainText('1 value cut');

  const search = page.getByLabel('Search topics and plant names');
  await search.fill('x/x');
  await expect(treeOf(page).getByRole('treeitem').last()).toContainText('far down');
  await search.fill('');
  for (let i = 0; i < 2000; i++) sender.publish('cpi/huge', `${i}`);
  await expect(rowOf(page, 'huge')).toContainText('1999');
  await expect(dropped).toContainText(/Window\s*[\d,]+ overtaken/);
  expect(await page.title()).not.toBe('1');
});

test('keeps no more than the operator allows, of what the operator wants to hear, and counts the rest', async ({
  page,
  console,
  complaints: _,
}) => {
  const [site] = await openLive(page, console, 'Site');
  if (!site) throw new Error('no broker');
  await page.getByRole('button', { name: 'What to listen to, and how much to keep' }).click();
  const dialog = page.getByRole('dialog');
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
  await expect(page.getByLabel('What was dropped')).toContainText('3 messages of new topics without room');
  await expect(page.getByText(/2 topics · 2 messages/)).toBeVisible();
});

test('goes from one broker to another without losing either', async ({ page, console, complaints: _ }) => {
  const [north, south] = await openLive(page, console, 'North', 'South');
  if (!north || !south) throw new Error('no brokers');
  await (await senderTo(north)).publishAsync('cpi/north', 'of the north', { qos: 1 });
  await (await senderTo(south)).publishAsync('cpi/south', 'of the south', { qos: 1 });
  const strip = page.getByRole('region', { name: 'Brokers' });
  await strip.getByRole('link', { name: 'North' }).click();
  await expect(rowOf(page, 'north')).toContainText('of the north');
  await expect(strip.getByRole('link', { name: 'South' })).toContainText(/Listening · [\d.]+\/s/);
  await rowOf(page, 'cpi').click();
  await expect(rowOf(page, 'north')).toHaveCount(0);
  await strip.getByRole('link', { name: 'South' }).click();
  await expect(rowOf(page, 'south')).toContainText('of the south');
  await expect(rowOf(page, 'north')).toHaveCount(0);
  await strip.getByRole('link', { name: 'North' }).click();
  await expect(rowOf(page, 'cpi')).toHaveAttribute('aria-expanded', 'false');
});
