// Publishing from the live topics in a real Chromium: a message and its answer, a template, the guard before a live
// plant with a command that stays unanswered, and retained messages that are listed and deleted.

import { withContract } from './support/contract-client.ts';
import { expect, test } from './support/fixtures.ts';
import { openLive, topicRow } from './support/live.ts';

test('a message, a template, a guarded command and the end of what is retained', async ({
  page,
  console,
  complaints: _,
}) => {
  const site = await openLive(page, console);
  await withContract(console, async (client) => {
    const { plantId } = await client.plants.create({ name: 'Hall 3', authMethod: 'PASSWORD' });
    await client.plants.provision({ plantId, brokerId: site.brokerId });
    await client.plants.activate({ plantId });
  });
  await page.getByRole('region', { name: 'Message' }).getByRole('button', { name: 'Publish' }).click();
  const dialog = page.getByRole('dialog', { name: 'Publish to this broker' });

  await dialog.getByLabel('Topic', { exact: true }).fill('hall/#');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByText('A topic without wildcards (+, #)')).toBeVisible();
  await dialog.getByLabel('Topic', { exact: true }).fill('hall/lamp');
  await dialog.getByLabel('Payload', { exact: true }).fill('{"on":true}');
  await dialog.getByRole('switch', { name: 'Retained' }).click();
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByText(/The console heard it back/)).toBeVisible();

  await dialog.getByLabel('Name of the template').fill('Lamp on');
  await dialog.getByRole('button', { name: 'Save as template' }).click();
  await expect(dialog.getByRole('button', { name: 'Delete template' })).toBeVisible();

  await dialog.getByText('Command to a plant', { exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Plant' }).click();
  await page.getByRole('option', { name: /Hall 3/ }).click();
  await dialog.getByLabel('Wait for the ack, seconds').fill('1');
  await dialog.getByRole('button', { name: 'Send command' }).click();
  const guard = page.getByRole('dialog', { name: 'This reaches a live plant' });
  await expect(guard.getByText(/Hall 3: ACTIVE/)).toBeVisible();
  await guard.getByRole('button', { name: 'Send the command' }).click();
  await expect(dialog.getByText('The plant did not acknowledge it within 1 seconds.')).toBeVisible();

  await dialog.getByText('Message', { exact: true }).click();
  await dialog.getByRole('combobox', { name: 'Template' }).click();
  await page.getByRole('option', { name: 'Lamp on' }).click();
  await expect(dialog.getByLabel('Payload', { exact: true })).toHaveValue('{"on":true}');

  await dialog.getByText('Delete retained', { exact: true }).click();
  await dialog.getByLabel('Topic filter').fill('hall/#');
  await dialog.getByRole('button', { name: 'List what is retained' }).click();
  await expect(dialog.getByRole('list', { name: 'Retained topics' }).getByText('hall/lamp · 11 bytes')).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete these' }).click();
  const sure = page.getByRole('dialog', { name: 'Delete retained messages for good?' });
  await sure.getByLabel('Type “1” to confirm').fill('1');
  await sure.getByRole('button', { name: 'Delete them' }).click();
  await expect(dialog.getByText('They are gone')).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  await expect(topicRow(page, 'lamp')).toBeVisible();
});
