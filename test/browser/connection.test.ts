import { createVault, expect, openScreen, test } from './support/fixtures.ts';

// No `complaints` here: a browser reports every connection that it cannot make.
test('a console that is gone is said so, on every screen', async ({ page, console }) => {
  await createVault(page, console.url);
  await openScreen(page, 'Plants');
  await expect(page.getByText('Connection lost.')).toHaveCount(0);
  await console.stop();
  await expect(page.getByText('Connection lost.')).toBeVisible();
  await expect(page.getByText('Not connected', { exact: true })).toBeVisible();
  await openScreen(page, 'Authority');
  await expect(page.getByText('Connection lost.')).toBeVisible();
});

test('the window lives through a reload, and keeps its key out of the address', async ({
  page,
  console,
  complaints,
}) => {
  await createVault(page, console.url);
  expect(new URL(page.url()).search).toBe('');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Start', exact: true })).toBeVisible();
  await expect(page.getByText('Connection lost.')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('a tab opened by hand says that it needs a new start address', async ({ page, console, complaints }) => {
  await createVault(page, console.url);
  const second = await page.context().newPage();
  await second.goto(new URL('/', console.url).href);
  await expect(second.getByText('if you opened this tab by hand, open a new start address')).toBeVisible();
  expect(complaints).toEqual([]);
});
