// The broker that asks the rules, saved from the workbench.

import { readFile } from 'node:fs/promises';
import { unpackTar } from 'modern-tar';
import { withContract } from './support/contract-client.ts';
import { createVault, expect, openScreen, test } from './support/fixtures.ts';

test('the files of a broker that asks the rules are saved, and the variant that cannot log in is marked', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await withContract(console, async ({ authority, policy }) => {
    await authority.create({ keyAlgorithm: 'EC-P256', subject: '/O=Test/CN=Test Root' });
    await policy.saveRules({ text: '{"celine":{"mqtt":{"acl":{"rules":[]}}}}' });
  });
  await openScreen(page, 'Policy');
  await page.getByRole('tab', { name: 'Broker files' }).click();
  const panel = page.getByRole('region', { name: 'A broker that asks the rules' });
  const save = panel.getByRole('button', { name: "Save the broker's files" });
  await expect(save).toBeDisabled();
  await withContract(console, ({ policy }) => policy.activateRules({ version: 1 }).then(() => undefined));
  await expect(save).toBeEnabled();

  await save.click();
  await expect(panel.getByText('must not be empty')).toBeVisible();
  await panel.getByLabel('What clients call the broker').fill('broker.example');
  await panel.getByRole('combobox', { name: 'Clients log in with' }).click();
  await page.getByRole('option', { name: 'As the CELINE document: cannot log in' }).click();
  await expect(panel.getByRole('alert')).toContainText('they send an empty username');
  await panel.getByRole('combobox', { name: 'Clients log in with' }).click();
  await page.getByRole('option', { name: 'The token as username, any password' }).click();
  await expect(panel.getByRole('alert')).toHaveCount(0);

  const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toBe('voke-broker-broker-example.tar');
  const entries = await unpackTar(await readFile(await download.path()));
  const conf = entries.find(({ header }) => header.name.endsWith('/mosquitto/mosquitto.conf'));
  expect(Buffer.from(conf?.data ?? []).toString()).toContain('\nplugin_opt_jwt_mode remote\n');
  expect(entries.some(({ header }) => header.name.endsWith('/policy-service/electron/policy-service.ts'))).toBe(true);
});
