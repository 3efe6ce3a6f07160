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
