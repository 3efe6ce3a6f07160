// The rules as an acl_file, saved from the workbench, and an acl_file read back there.

import { readFile } from 'node:fs/promises';
import { parseAcl } from '../../shared/model/mosquitto/acl.ts';
import { createVault, expect, openScreen, test } from './support/fixtures.ts';

test('an ACL file is written for named users, says where it differs, and is read back', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await openScreen(page, 'Policy');
  await page.getByRole('button', { name: 'Start with an example' }).click();
  await page.getByRole('tab', { name: 'Broker files' }).click();
  const panel = page.getByRole('region', { name: 'Rules as an ACL file' });
  await panel.getByLabel('Username').fill('vera');
  await panel.getByRole('combobox', { name: 'Groups' }).fill('viewers');
  await page.keyboard.press('Enter');
  await panel.getByRole('button', { name: 'Add user' }).click();
  await expect(panel.getByRole('list', { name: 'Users of the ACL file' })).toContainText('vera');
  await expect(panel.getByLabel('Username')).toHaveValue('');

  const text = panel.getByRole('textbox', { name: 'ACL file' });
  await expect(text).toHaveValue(/\nuser vera\n/);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: 'Save ACL file' }).click(),
  ]);
  const saved = await readFile(await download.path(), 'utf8');
  expect(saved).toBe(await text.inputValue());
  const { value, faults } = parseAcl(saved);
  expect(faults).toEqual([]);
  expect(value.blocks.map(({ username }) => username)).toEqual(['vera']);

  const table = page.getByRole('region', { name: 'An ACL file as a table' });
  const foreign = `${saved}user bob\ntopic read a/#\npattern write %u/x\nnonsense\n`;
  await table
    .locator('input[type=file]')
    .setInputFiles({ name: 'acl', mimeType: 'text/plain', buffer: Buffer.from(foreign) });
  await expect(table.getByRole('alert')).toContainText('A broker does not take this file as it is');
  await expect(table.getByRole('list', { name: 'Lines with mistakes' })).toContainText('neither user, topic, pattern');
  await expect(
    table.getByRole('row', { name: /bob read a\/# Allow subscribe, read\. Mosquitto accepts any/ }),
  ).toBeVisible();
  await expect(table.getByRole('row', { name: /Everyone write %u\/x None\. %u and %c/ })).toBeVisible();
});
