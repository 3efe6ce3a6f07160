import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

type Issued = { readonly keyAlgorithm: string; readonly notBefore: string; readonly notAfter: string };

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
  const select = async (label: string, option: RegExp) => {
    await dialog.getByLabel(label, { exact: true }).click();
    await page.getByRole('option', { name: option }).click();
  };
  await select('Kind of key', /EC-P256/);
  await select('Ends', /On a date/);
  await dialog.getByRole('button', { name: 'Import 300 plants' }).click();
  await expect(dialog.getByText('Give the last day.')).toBeVisible();
  await dialog.getByLabel('Last day').fill('2020-01-01');
  await dialog.getByRole('button', { name: 'Import 300 plants' }).click();
  await expect(dialog.getByText(/it would end on 2020-01-01/)).toBeVisible();
  // Nothing was imported, and what was chosen is still there.
  await dialog.getByText('Close', { exact: true }).click();
  await select('Ends', /With the authority/);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel('Begins on').fill(tomorrow);
  await dialog.getByRole('button', { name: 'Import 300 plants' }).click();
  await expect(dialog.getByText('Every plant of the file is registered')).toBeVisible({ timeout: 30_000 });
  await dialog.getByText('Close', { exact: true }).click();
  await expect(page.getByText('300 plants', { exact: true })).toBeVisible();
  await page.getByLabel('Search name, site or id').fill('čerpadlo 299');
  await page.getByRole('link', { name: 'Čerpadlo 299' }).click();
  await page.getByRole('tab', { name: 'Security' }).click();
  await expect(page.getByText('kept sealed here until they are deployed or downloaded')).toBeVisible();
  const { notAfter } = (await call(console, '/authority')) as { notAfter: string };
  const { items } = (await call(console, '/certificates?kind=device&limit=500')) as { items: Issued[] };
  const issued = items.map((one) => [one.keyAlgorithm, one.notBefore.slice(0, 10), one.notAfter]);
  expect(issued).toEqual(Array(150).fill(['EC-P256', tomorrow, notAfter]));
});
