import type { Page } from '@playwright/test';
import { createVault, expect, openScreen, test } from './support/fixtures.ts';

test('one click on the practice plant leads to live telemetry, and every screen has names for its parts', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await openScreen(page, 'Practice plant');
  await page.getByRole('button', { name: /start/i }).first().click();
  await expect(page.getByText('The practice plant is running')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText('Connected', { exact: true })).toHaveCount(4); // three PLCs, and this window to its console

  await openScreen(page, 'Live topics');
  const tree = page.getByRole('region', { name: 'Topics' });
  await expect(tree.getByText('telemetry').first()).toBeVisible({ timeout: 20_000 });
  await tree.getByText('telemetry').first().click();
  const message = page.getByRole('region', { name: 'Message' });
  await expect(message.getByText(/externalId/).first()).toBeVisible();
  await expect(message.getByText(/signature/i).first()).toBeVisible();
  await page.getByLabel('Search topics and plant names').fill('no such topic');
  await expect(tree.getByText('telemetry')).toHaveCount(0);

  await openScreen(page, 'Broker');
  await expect(page.getByText('Running', { exact: true })).toBeVisible();
  await openScreen(page, 'Plants');
  await expect(page.getByText('Active', { exact: true })).not.toHaveCount(0);
  await expect(page.getByText('never', { exact: true })).toHaveCount(0);

  for (const screen of [
    'Start',
    'Plants',
    'Authority',
    'Broker',
    'Live topics',
    'Practice plant',
    'Handover',
    'Audit trail',
  ]) {
    await openScreen(page, screen);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect({ screen, nameless: await namelessControls(page) }).toEqual({ screen, nameless: [] });
  }
});

/** Controls that a screen reader could not name. */
const namelessControls = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, a[href], input:not([type=hidden]), select, textarea')]
      .filter((element) => element.offsetParent !== null)
      .filter((element) => {
        const isField = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
        const labels = isField ? [...(element.labels ?? [])] : [];
        const names = [
          element.getAttribute('aria-label'),
          element.getAttribute('aria-labelledby'),
          element.getAttribute('title'),
          element.textContent,
          ...labels.map((label) => label.textContent),
        ];
        return !names.some((name) => name?.trim());
      })
      .map((element) => element.outerHTML.slice(0, 200)),
  );
