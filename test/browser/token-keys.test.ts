// What takes a broker with a token listener, and one that tells who is connected: the practice plant brings it.

import type { Page } from '@playwright/test';
import { call, createVault, expect, openScreen, test } from './support/fixtures.ts';
import type { HeadlessConsole } from './support/headless-console.ts';

async function startPractice(page: Page, console: HeadlessConsole): Promise<void> {
  await createVault(page, console.url);
  await openScreen(page, 'Practice plant');
  await page.getByRole('button', { name: /start/i }).first().click();
  await expect(page.getByText('The practice plant is running')).toBeVisible({ timeout: 60_000 });
}

async function push(page: Page): Promise<void> {
  await openScreen(page, 'Broker');
  await page.getByRole('button', { name: 'Push', exact: true }).click();
  await expect(page.getByText('Pushed, probed and in force')).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Close', exact: true }).click();
}

async function plantWith(console: HeadlessConsole, authMethod: string): Promise<string> {
  const answer = (await call(console, `/plants?authMethod=${authMethod}`)) as { items: { plantId: string }[] };
  return answer.items[0]?.plantId ?? '';
}

test('the token key is changed step by step, and each step waits for what it needs', async ({
  page,
  console,
  complaints: _,
}) => {
  await startPractice(page, console);
  await openScreen(page, 'Authority');
  const keys = page.getByRole('region', { name: 'Token keys' });
  const step = keys.locator('[aria-current="step"]');
  await keys.getByRole('button', { name: 'Change the key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make the next key' }).click();
  await expect(step).toContainText('Trust the new key');
  await expect(keys.getByRole('button', { name: 'Sign with the new key' })).toHaveCount(0);
  await push(page);

  await openScreen(page, 'Authority');
  await expect(step).toContainText('Sign with the new key');
  await step.getByRole('button', { name: 'Sign with the new key' }).click();
  await expect(step).toContainText('1 plant holds a token by the old key');
  await expect(keys.getByRole('button', { name: 'Retire the old key' })).toHaveCount(0);
  await call(console, `/plants/${await plantWith(console, 'TOKEN')}/mqtt-token`, {});
  await page.reload();
  await step.getByRole('button', { name: 'Retire the old key' }).click();
  await expect(keys.getByText('One push is left')).toBeVisible();
  await push(page);
  await openScreen(page, 'Authority');
  await expect(keys.getByText('Retired', { exact: true })).toBeVisible();
  await expect(keys.getByText('One push is left')).toHaveCount(0);
  await expect(keys.getByRole('button', { name: 'Change the key' })).toBeVisible();
});

test('after a revocation the plant says whether it is muted, and whether it is still connected', async ({
  page,
  console,
  complaints: _,
}) => {
  await startPractice(page, console);
  const plantId = await plantWith(console, 'PASSWORD');
  await page.goto(new URL(`/#/plants/${plantId}`, page.url()).href);
  const main = page.getByRole('main');
  await expect(main.getByText('Connected', { exact: true })).toBeVisible();
  await call(console, `/plants/${plantId}/revoke`, {});
  const after = page.getByRole('list', { name: 'After the revocation' });
  await expect(after).toContainText('Not muted everywhere yet');
  await expect(main.getByText('Still connected', { exact: true })).toBeVisible();
  await push(page);
  await page.goto(new URL(`/#/plants/${plantId}`, page.url()).href);
  await expect(after).toContainText('Not connected any more', { timeout: 20_000 });
  await expect(main.getByText('Not connected', { exact: true })).toBeVisible();
});
