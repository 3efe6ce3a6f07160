import { createVault, expect, passphrase, test } from './support/fixtures.ts';

test('a vault is created, locked, and opened by its passphrase only', async ({ page, console, complaints: _ }) => {
  await page.goto(console.url);
  await page.getByLabel('Passphrase', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Create vault' }).click();
  await expect(page.getByText('Use at least 12 characters.')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase again').fill(`${passphrase}!`);
  await page.getByRole('button', { name: 'Create vault' }).click();
  await expect(page.getByText('The two passphrases differ.')).toBeVisible();
  await page.getByLabel('Passphrase again').fill(passphrase);
  await page.getByRole('button', { name: 'Create vault' }).click();
  await expect(page.getByRole('heading', { name: 'Start', exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Lock' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill('not the passphrase');
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByText('The passphrase does not open this vault.')).toBeVisible();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByRole('button', { name: 'Unlock' }).click();
  await expect(page.getByRole('heading', { name: 'Start', exact: true })).toBeVisible();
});

test('the start address works once', async ({ page, console, context, complaints: _ }) => {
  await createVault(page, console.url);
  const stranger = await (await context.browser())?.newContext();
  if (!stranger) throw new Error('no second browser profile');
  const second = await stranger.newPage();
  const answer = await second.goto(console.url);
  expect(answer?.status()).toBeGreaterThanOrEqual(400);
  await expect(second.getByRole('button', { name: 'Lock' })).toHaveCount(0);
  await stranger.close();
});

test('light and dark are a choice that stays', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const choose = async (scheme: string) => {
    await page.getByRole('button', { name: /^Appearance/ }).click();
    await page.getByRole('menuitemradio', { name: scheme }).click();
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme.toLowerCase());
  };
  await choose('Light');
  const light = await background();
  await choose('Dark');
  expect(await background()).not.toBe(light);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});
