// A campaign over real devices, from the plants that were chosen to the failed ones that were tried again.

import { readdir, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { loginOf } from '../support/device-entry.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';
import { withContract } from './support/contract-client.ts';
import { createVault, expect, openScreen, test } from './support/fixtures.ts';
import type { HeadlessConsole } from './support/headless-console.ts';

let server: SshDevice;
test.beforeEach(async () => {
  server = await startSshd();
});
test.afterEach(() => server.stop());

const directoryOf = (name: string) => `${server.base}/${name.toLowerCase().replaceAll(' ', '-')}`;

/** Registers plants, each with a directory of the server as its device; those `without` one are only registered. */
const addPlants = (console: HeadlessConsole, names: readonly string[], without: readonly string[] = []) =>
  withContract(console, async ({ authority, plants }) => {
    await authority.create({ keyAlgorithm: 'EC-P256', subject: '/O=Test/CN=Test Root' });
    for (const name of [...names, ...without]) {
      const { plantId } = await plants.create({ name, site: 'Brno', authMethod: 'MTLS' });
      if (without.includes(name)) continue;
      const { host, port, username, fingerprint } = server;
      const device = { host, port, username, login: loginOf(server), directory: directoryOf(name) };
      await plants.putDevice({ plantId, device });
      await plants.confirmHostKey({ plantId, fingerprint });
    }
  });

async function planByHand(page: Page, names: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'Plan a campaign' }).click();
  const which = page.getByRole('listitem', { name: 'Which plants' });
  await which.getByText('Chosen by hand').click();
  for (const name of names) await which.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
  await which.getByRole('button', { name: 'Show who is in it' }).click();
}

test('a campaign is planned, begun, and its failed plant tried again', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  await addPlants(console, ['Pump 1', 'Pump 2', 'Pump 3'], ['Without device']);
  // A file where the directory should be.
  await writeFile(directoryOf('Pump 3'), '');
  await openScreen(page, 'Deployments');
  await planByHand(page, ['Pump 1', 'Pump 2', 'Pump 3', 'Without device']);

  const who = page.getByRole('listitem', { name: 'Who is in it' });
  await expect(who.getByRole('table', { name: 'Plants in it' }).getByRole('row', { name: /^Pump/ })).toHaveCount(3);
  await who.getByText('Left out (1)').click();
  await expect(who.getByRole('row', { name: /^Without device Brno It has no device/ })).toBeVisible();
  await who.getByRole('button', { name: 'Go on with 3 plants' }).click();
  const how = page.getByRole('listitem', { name: 'How' });
  await how.getByLabel('Name').fill('Autumn rotation');
  await how.getByLabel('Wait until each plant speaks to the broker with its new credential').uncheck();
  await how.getByRole('button', { name: 'Plan it for 3 plants' }).click();

  await expect(page.getByText('Nothing begins before you start it.')).toBeVisible();
  const rows = page.getByRole('table', { name: 'Plants of the campaign' });
  await expect(rows.getByRole('row', { name: /Waits/ })).toHaveCount(3);
  await page.getByRole('button', { name: 'Start Autumn rotation' }).click();
  await expect(page.getByText('Finished with failures')).toBeVisible({ timeout: 30_000 });
  const tally = page.getByRole('list', { name: 'Plants of Autumn rotation' });
  await expect(tally).toContainText('2 of 3 done');
  await expect(tally).toContainText('1 failed');
  await expect(rows.getByRole('row', { name: /^Pump 1 Done 1 On the device; not heard yet/ })).toBeVisible();
  expect(await readdir(directoryOf('Pump 1'))).toContain('device.key');
  await page.getByText('Failed only (1)').click();
  await expect(rows.getByRole('row')).toHaveCount(2);
  await expect(rows.getByRole('row', { name: /^Pump 3 Failed 1 \w/ })).toBeVisible();
  await expect(rows.getByRole('link', { name: 'Pump 3' })).toHaveAttribute(
    'href',
    /^#\/plants\/[0-9a-f-]{36}\/device$/,
  );
});
