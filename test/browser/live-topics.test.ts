// The topic tree in a real Chromium, of a real Mosquitto: what it shows, how it is searched, held and walked through, and
// what it says of what it does not show.

import { freePorts } from '../../electron/platform/free-port.ts';
import { startLiveBroker } from '../support/live-broker.ts';
import { withContract } from './support/contract-client.ts';
import { expect, openScreen, test } from './support/fixtures.ts';
import { openPlants, senderTo, topicRow, topicTree } from './support/live.ts';

test('shows values, counts, rates and marks; stands still while paused; finds by a part of a topic', async ({
  page,
  console,
  complaints: _,
}) => {
  const sender = await senderTo(await openPlants(page, console));
  let value = 0;
  const publish = async () => {
    value += 1;
    await sender.publishAsync('cpi/hall/temperature', `${value} °C`, { qos: 1 });
  };
  await sender.publishAsync('cpi/hall/info', '{"model":"X"}', { qos: 1 });
  for (let i = 0; i < 3; i++) await publish();

  await expect(topicRow(page, 'cpi')).toContainText('(2 topics, 4 messages)');
  await expect(topicRow(page, 'hall')).toContainText('(2 topics, 4 messages)');
  await expect(topicRow(page, 'temperature')).toContainText('3 °C');
  await expect(topicRow(page, 'temperature')).toContainText('/s');
  await expect(page.getByText(/2 topics · 4 messages/)).toBeVisible();
  await expect(topicRow(page, 'temperature')).toContainText('now');
  await expect(topicRow(page, 'info')).toContainText(/[2-9] s/);
  await expect(topicRow(page, 'temperature')).toHaveAttribute('aria-level', '3');
  await expect(topicRow(page, 'temperature')).toHaveAttribute('aria-posinset', '2');

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('paused, the counts go on')).toBeVisible();
  await publish();
  await expect(page.getByText(/2 topics · 5 messages/)).toBeVisible();
  await expect(topicRow(page, 'temperature')).toContainText('3 °C');
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(topicRow(page, 'temperature')).toContainText('4 °C');

  await topicRow(page, 'temperature').click();
  const message = page.getByRole('region', { name: 'Message' });
  await expect(message.getByText('cpi/hall/temperature')).toBeVisible();
  await expect(message.getByText('4 °C')).toBeVisible();
  await publish();
  await expect(message.getByText('5 °C')).toBeVisible();

  // On the smallest screen too, all parts of the message can be reached.
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const part of ['Value', 'Changes', 'History', 'Plot']) {
    await expect(message.getByText(part, { exact: true })).toBeInViewport({ ratio: 1 });
  }

  const search = page.getByLabel('Search topics and plant names');
  await search.fill('TEMP');
  await expect(topicRow(page, 'temperature')).toBeVisible();
  await expect(topicRow(page, 'info')).toHaveCount(0);
  await expect(page.getByText('1 topic fits the search')).toBeVisible();
  await search.fill('no such topic');
  await expect(page.getByText('No topic fits the search')).toBeVisible();
  await page.getByRole('button', { name: 'Show all topics' }).click();
  await expect(topicRow(page, 'info')).toBeVisible();

  // What the broker had kept is marked as such once the console comes to hear it anew.
  await sender.publishAsync('cpi/hall/info', '{"model":"Y"}', { qos: 1, retain: true });
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(topicRow(page, 'info')).toContainText('retained');
});

test('is walked through by the keyboard, as one stop of the tab key', async ({ page, console, complaints: _ }) => {
  const sender = await senderTo(await openPlants(page, console));
  for (let plant = 0; plant < 300; plant++) await sender.publishAsync(`cpi/plant${plant}/status`, 'ok', { qos: 0 });
  await expect(page.getByText(/300 topics/).first()).toBeVisible();
  const tree = topicTree(page);
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
  await expect(topicRow(page, 'plant0')).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('End');
  await at('plant299');
  await expect(topicRow(page, 'plant299')).toBeInViewport();
  await page.keyboard.press('ArrowRight');
  await expect(topicRow(page, 'plant299')).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowRight');
  await at('status');
  await page.keyboard.press('Home');
  await at('cpi');
  await expect(topicRow(page, 'cpi')).toBeInViewport();
  await page.keyboard.press('ArrowLeft');
  await expect(tree.getByRole('treeitem')).toHaveCount(1);
});

test('names and values of strangers are text, and what has no room is counted', async ({
  page,
  console,
  complaints: _,
}) => {
  const sender = await senderTo(await openPlants(page, console));
  const markup = '<img src=x onerror="document.title=1">';
  await sender.publishAsync(`cpi/${markup}`, `${markup}\u001b[2J`, { qos: 1 });
  await sender.publishAsync('cpi/\u202efdp.exe', 'turned', { qos: 1 });
  await sender.publishAsync(`cpi/deep${'/x'.repeat(150)}`, 'far down', { qos: 1 });
  await sender.publishAsync('cpi/huge', 'H'.repeat(1_000_000), { qos: 1 });

  await expect(topicRow(page, markup)).toContainText(`${markup}\\u001b[2J`);
  await expect(topicRow(page, '\\u202efdp.exe')).toBeVisible();
  await topicRow(page, '\\u202efdp.exe').click();
  await expect(page.getByRole('region', { name: 'Message' }).getByText('cpi/\\u202efdp.exe')).toBeVisible();
  const dropped = page.getByLabel('What was dropped');
  await expect(dropped).toContainText('1 value cut');

  const search = page.getByLabel('Search topics and plant names');
  await search.fill('x/x');
  const deepest = topicTree(page).getByRole('treeitem').last();
  await expect(deepest).toContainText('far down');
  await deepest.scrollIntoViewIfNeeded();
  const branch = topicTree(page).getByRole('treeitem', { level: 31 });
  await expect(branch.getByText('x', { exact: true })).toBeInViewport({ ratio: 1 });
  await search.press('Escape');
  await expect(search).toHaveValue('');
  for (let i = 0; i < 2000; i++) sender.publish('cpi/huge', `${i}`);
  await expect(topicRow(page, 'huge')).toContainText('1999');
  await expect(dropped).toContainText(/Window\s*[\d,]+ overtaken/);
  expect(await page.title()).not.toBe('1');
});

test('goes from one broker to another without losing either', async ({ page, console, complaints: _ }) => {
  const north = await openPlants(page, console, 'North');
  const south = await withContract(console, (client) => startLiveBroker(client, 'South'));
  await (await senderTo(north)).publishAsync('cpi/north', 'of the north', { qos: 1 });
  await (await senderTo(south)).publishAsync('cpi/south', 'of the south', { qos: 1 });
  const strip = page.getByRole('region', { name: 'Brokers' });
  await strip.getByRole('link', { name: 'North' }).click();
  await expect(topicRow(page, 'north')).toContainText('of the north');
  await expect(strip.getByRole('link', { name: 'South' })).toContainText(/Listening · [\d.]+\/s/);
  await topicRow(page, 'cpi').click();
  await expect(topicRow(page, 'north')).toHaveCount(0);
  await strip.getByRole('link', { name: 'South' }).click();
  await expect(topicRow(page, 'south')).toContainText('of the south');
  await expect(topicRow(page, 'north')).toHaveCount(0);
  await strip.getByRole('link', { name: 'North' }).click();
  await expect(topicRow(page, 'cpi')).toHaveAttribute('aria-expanded', 'false');
});

test('comes back to the broker that was chosen, and shows of each its state and whether it is recorded', async ({
  page,
  console,
  complaints: _,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  const { brokerId } = await openPlants(page, console, 'Assembly hall');
  const strip = page.getByRole('region', { name: 'Brokers', exact: true });
  const broker = (name: string) => strip.getByRole('link', { name });
  await expect(broker('Assembly hall')).toContainText('Listening');
  await withContract(console, async (client) => {
    const { brokerId: second } = await startLiveBroker(client, 'Compressors');
    for (const recorded of [brokerId, second]) await client.recordings.start({ brokerId: recorded, note: '' });
    const target = { kind: 'process' } as const;
    for (const name of ['Boiler house', 'Water treatment']) {
      const [mqtt = 0, webSockets = 0] = await freePorts(2);
      await client.brokers.create({
        name,
        target,
        host: 'localhost',
        profile: 'plantops',
        ports: { mqtt, webSockets },
      });
    }
  });
  for (const name of ['Assembly hall', 'Compressors']) {
    await expect(broker(name).getByText('Recording', { exact: true })).toBeInViewport({ ratio: 1 });
    await expect(broker(name).getByText(/^Listening · .* · as the console$/)).toBeInViewport({ ratio: 1 });
  }
  for (const name of ['Boiler house', 'Water treatment']) {
    await expect(broker(name).getByText('Not listening')).toBeInViewport({ ratio: 1 });
    await expect(broker(name)).not.toContainText('Recording');
  }

  for (const name of ['Compressors', 'Water treatment', 'Assembly hall']) {
    await broker(name).click();
    await expect(broker(name)).toHaveAttribute('aria-current', 'page');
    await openScreen(page, 'Alerts');
    await openScreen(page, 'Live topics');
    await expect(broker(name)).toHaveAttribute('aria-current', 'page');
  }
});
