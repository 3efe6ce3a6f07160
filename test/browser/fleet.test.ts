// The fleet in a real Chromium, of plants on a real Mosquitto: states and problems in words, the worst first, by site, and
// the ways that lead on from a row.

import type { Locator } from '@playwright/test';
import { type Sender, startSenders } from '../support/fleet-senders.ts';
import { startLiveBroker } from '../support/live-broker.ts';
import { withContract } from './support/contract-client.ts';
import { createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

const senders: Sender[] = [];
test.afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.end();
});

test('shows every plant with its state and problems, the worst first, and leads on to it', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await openScreen(page, 'Fleet');
  await expect(page.getByText('No plants yet')).toBeVisible();

  const brokerId = await withContract(console, async (client) => {
    await client.authority.create(quickAuthority as Parameters<typeof client.authority.create>[0]);
    const broker = await startLiveBroker(client);
    const plants = [
      { name: 'Press 1', site: 'North' },
      { name: 'Press 2', site: 'North' },
      { name: 'Kiln', site: 'South' },
      { name: 'Mixer', site: 'South' },
    ];
    senders.push(...(await startSenders(client, broker, plants)));
    return broker.brokerId;
  });
  const [press, forged, kiln] = senders;
  if (!press || !forged || !kiln) throw new Error('no senders');
  await press.telemetry();
  await forged.telemetry('another secret');
  const once = await kiln.telemetry();
  await kiln.say('telemetry', once);
  await kiln.say('firmware', 'x');

  const table = page.getByRole('table', { name: 'Fleet' });
  const rowOf = (name: string) => table.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  await expect(rowOf('Press 1')).toContainText('Online');
  await expect(rowOf('Press 1')).toContainText(/[\d.]+\/s/);
  await expect(rowOf('Press 2')).toContainText(/Never seen.*Bad signature/);
  await expect(rowOf('Kiln')).toContainText(/Online.*Replayed.*Outside its topics/);
  await expect(rowOf('Mixer')).toContainText(/Never seen.*never/);
  await expect(table.getByRole('link')).toHaveText(['Kiln', 'Press 2', 'Press 1', 'Mixer', 'Sender to Site']);
  // What is as it should be is grey, and only the rest has a colour.
  await expect(rowOf('Press 1').locator('[data-tone="normal"] svg')).toBeVisible();
  expect(await colourOf(rowOf('Press 1').locator('[data-tone="normal"]'))).toBeLessThan(16);
  await expect(rowOf('Press 2').locator('[data-tone="fault"] svg')).toBeVisible();
  expect(await colourOf(rowOf('Press 2').locator('[data-tone="fault"]'))).toBeGreaterThan(24);

  const sites = page.getByRole('region', { name: 'Sites' });
  await expect(sites.getByRole('button', { name: /North/ })).toContainText('1 of 2 online · 1 to look at');
  await sites.getByRole('button', { name: /North/ }).click();
  await expect(table.getByRole('link')).toHaveText(['Press 2', 'Press 1']);
  await page.getByText(/^To look at/).click();
  await expect(page.getByRole('status').filter({ hasText: '1 of 5 plants' })).toBeVisible();
  await sites.getByRole('button', { name: /North/ }).click();
  await page.getByText(/^All 5/).click();
  await page.getByLabel('Search name, site or id').fill('south');
  await expect(table.getByRole('link')).toHaveText(['Kiln', 'Mixer']);

  await table.getByRole('button', { name: 'Topics of Kiln' }).click();
  await expect(page).toHaveURL(new RegExp(`#/live/${brokerId}$`));
  await expect(page.getByRole('treeitem').filter({ hasText: 'firmware' })).toBeVisible();
  await page.getByRole('treeitem').filter({ hasText: 'telemetry' }).click();
  await expect(page.getByText('Sent before: replayed')).toBeVisible();

  await withContract(console, (client) => client.monitor.disconnect({ brokerId }));
  await openScreen(page, 'Fleet');
  await expect(page.getByText(/The console does not hear Site/)).toBeVisible();
  await page.getByRole('button', { name: 'Listen' }).click();
  await expect(page.getByText(/The console does not hear Site/)).toHaveCount(0);
  // Its session is over: the broker says so when it is asked, every ten seconds.
  await page.getByLabel('Search name, site or id').fill('');
  await press.end();
  await expect(rowOf('Press 1')).toContainText('Offline', { timeout: 25_000 });
  await rowOf('Kiln').getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Kiln' })).toBeVisible();
});

/** How far the background of a badge is from grey: the widest distance between red, green and blue. */
const colourOf = (badge: Locator): Promise<number> =>
  badge.evaluate((element) => {
    const parts = getComputedStyle(element).backgroundColor.match(/\d+/g) ?? [];
    const [red = 0, green = 0, blue = 0] = parts.map(Number);
    return Math.max(red, green, blue) - Math.min(red, green, blue);
  });
