// A campaign over real devices, from the plants that were chosen to the failed ones that were tried again.

import { readdir, rm, writeFile } from 'node:fs/promises';
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
  const why = page.getByRole('list', { name: 'Why they failed' }).getByRole('button');
  await expect(why).toHaveText(/^1A file stands on the device where a directory is needed/);
  await why.click();
  await expect(why).toHaveAttribute('aria-pressed', 'true');
  await expect(rows.getByRole('row')).toHaveCount(2);
  await expect(rows.getByRole('row', { name: /^Pump 3 Failed 1 \w/ })).toBeVisible();
  await expect(rows.getByRole('link', { name: 'Pump 3' })).toHaveAttribute(
    'href',
    /^#\/plants\/[0-9a-f-]{36}\/device$/,
  );

  await rm(directoryOf('Pump 3'));
  await page.getByRole('button', { name: 'Retry failed Autumn rotation' }).click();
  await expect(tally).toContainText('3 of 3 done', { timeout: 30_000 });
  await expect(page.getByText('None has failed.')).toBeVisible();
  await page.getByText('All (3)').click();
  await expect(rows.getByRole('row', { name: /^Pump 3 Done 2 On the device/ })).toBeVisible();
});

test('a campaign waits for a second person and for its window, and is cancelled', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await addPlants(console, ['Pump 1', 'Boiler']);
  await openScreen(page, 'Deployments');
  const approvers = page.getByRole('region', { name: 'Approvers' });
  await approvers.getByRole('button', { name: 'Enrol an approver…' }).click();
  const enrol = page.getByRole('dialog', { name: 'Enrol an approver' });
  await enrol.getByLabel('Name').fill('Ada');
  await enrol.getByLabel('Code', { exact: true }).fill('only Ada knows');
  await enrol.getByLabel('Code again').fill('only Ada know');
  await enrol.getByRole('button', { name: 'Enrol' }).click();
  await expect(enrol.getByText('is not the same')).toBeVisible();
  await enrol.getByLabel('Code again').fill('only Ada knows');
  await enrol.getByRole('button', { name: 'Enrol' }).click();
  await expect(approvers.getByRole('listitem', { name: 'Ada' })).toBeVisible();

  await openScreen(page, 'Plants');
  await page.getByLabel('Search name, site or id').fill('boil');
  await expect(page.getByText('1 of 2 plants')).toBeVisible();
  await page.getByRole('button', { name: 'Rotate…' }).click();
  await expect(page.getByRole('checkbox', { name: /^Boiler/ })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: /^Pump 1/ })).not.toBeChecked();
  await page.getByRole('button', { name: 'Show who is in it' }).click();
  await page.getByRole('button', { name: 'Go on with 1 plant' }).click();
  await page.getByLabel('Name').fill('Night work');
  await page.getByLabel('Somebody else has to approve it first').check();
  await page.getByLabel('Only within a change window').check();
  await page.getByLabel('Begin nothing after').fill('2020-01-01T04:00');
  await page.getByRole('button', { name: 'Plan it for 1 plant' }).click();
  await expect(page.getByText('is past already')).toBeVisible();
  await page.getByLabel('Begin nothing before').fill('2098-12-31T22:00');
  await page.getByLabel('Begin nothing after').fill('2099-01-01T04:00');
  await expect(page.getByText('Its window: from 2098-12-31 22:00 until 2099-01-01 04:00.')).toBeVisible();
  await expect(page.getByText('is past already')).toBeHidden();
  await page.getByRole('button', { name: 'Plan it for 1 plant' }).click();

  await expect(page.getByText('Ada has to agree before it may begin.')).toBeVisible();
  await page.getByRole('link', { name: 'All campaigns' }).click();
  const card = page.getByRole('listitem', { name: 'Night work' });
  await card.getByRole('button', { name: 'Approve…' }).click();
  const approve = page.getByRole('dialog', { name: 'Approve “Night work”' });
  await approve.getByLabel('Your code').fill('only Eve knows');
  await approve.getByRole('button', { name: 'Approve' }).click();
  await expect(approve.getByText('This name and code do not belong together; nothing was approved.')).toBeVisible();
  await approve.getByLabel('Your code').fill('only Ada knows');
  await approve.getByRole('button', { name: 'Approve' }).click();
  await expect(card.getByText(/^Approved by Ada on .* Nothing begins before you start it/)).toBeVisible();
  await card.getByRole('button', { name: 'Start' }).click();
  const waits = card.getByText(/^Waits for its change window: from 2098-12-31 22:00 until 2099-01-01 04:00/);
  await expect(waits).toBeVisible();
  await card.getByRole('button', { name: 'Pause' }).click();
  await expect(card.getByText('Paused', { exact: true })).toBeVisible();
  await card.getByRole('button', { name: 'Resume' }).click();
  await expect(waits).toBeVisible();
  await card.getByRole('button', { name: 'Cancel…' }).click();
  await page.getByRole('button', { name: 'Cancel the campaign' }).click();
  await expect(card.getByText('Cancelled', { exact: true })).toBeVisible();
  await expect(card.getByText('1 skipped')).toBeVisible();
  await expect(card.getByRole('button')).toHaveCount(0);

  await approvers.getByRole('button', { name: 'Remove… Ada' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(approvers.getByText('Nobody is enrolled.')).toBeVisible();
});
