import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

const file = (text: string) => ({ name: 'plants.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test('plants are imported from a CSV file once every line of it is right', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  await openScreen(page, 'Plants');
  await page.getByRole('button', { name: 'Import from CSV' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import plants from CSV' });
  const choose = dialog.getByLabel('CSV file');

  await choose.setInputFiles(file('a shopping list'));
  await expect(dialog.getByText(/no list of plants/)).toBeVisible();
  await choose.setInputFiles({ name: 'plants.csv', mimeType: 'text/csv', buffer: Buffer.from([0xe8, 0x0a]) });
  await expect(dialog.getByText(/not UTF-8/)).toBeVisible();

  await choose.setInputFiles(file('name,auth method,note\nPump 1,MTLS,x\nPump 2,SMOKE SIGNAL,x\nPump "3",MTLS,x\n'));
  await expect(dialog.getByText('2 of 3 lines cannot be imported')).toBeVisible();
  await expect(dialog.getByText('Auth method: must be MTLS, PASSWORD or TOKEN')).toBeVisible();
  await expect(dialog.getByText('a quote inside a field without quotes')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();

  const lines = Array.from(
    { length: 300 },
    (_, number) => `Čerpadlo ${number};Brno;${number % 2 ? 'MTLS' : 'PASSWORD'}`,
  );
  await choose.setInputFiles(file(`\ufeffname;site;auth method\r\n${lines.join('\r\n')}\r\n`));
  await expect(dialog.getByText('300 plants can be registered.')).toBeVisible();
  await dialog.getByLabel('Issue the first credentials too').check();
  await dialog.getByLabel('Key of the certificates').click();
  await page.getByRole('option', { name: 'EC-P256' }).click();
  await dialog.getByRole('button', { name: 'Import 300 plants' }).click();
  await expect(dialog.getByText('Every plant of the file is registered')).toBeVisible({ timeout: 30_000 });
  await dialog.getByText('Close', { exact: true }).click();
  await expect(page.getByText('300 plants', { exact: true })).toBeVisible();
  await page.getByLabel('Search name, site or id').fill('čerpadlo 299');
  await page.getByRole('link', { name: 'Čerpadlo 299' }).click();
  await page.getByRole('tab', { name: 'Security' }).click();
  await expect(page.getByText('kept sealed here until they are deployed or downloaded')).toBeVisible();
});
