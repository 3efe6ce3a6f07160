// The change of authority on the practice plant: three plants with a broker, led through by the screen alone.

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
  await openScreen(page, 'Authority');
}

async function plantWith(console: HeadlessConsole, authMethod: string): Promise<string> {
  const answer = (await call(console, `/plants?authMethod=${authMethod}`)) as { items: { plantId: string }[] };
  return answer.items[0]?.plantId ?? '';
}

test('the authority is changed step by step, with the progress of every plant', async ({
  page,
  console,
  complaints: _,
}) => {
  test.setTimeout(150_000);
  await startPractice(page, console);
  await openScreen(page, 'Authority');
  const panel = page.getByRole('region', { name: 'Change of authority' });
  const step = panel.locator('[aria-current="step"]');
  await panel.getByRole('button', { name: 'Change the authority' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: 'EC-P256' }).click();
  await dialog.getByRole('button', { name: 'Make the next authority' }).click();
  await expect(step).toContainText('Let the brokers trust both', { timeout: 30_000 });
  await push(page);

  await expect(step).toContainText('Bring the new CA file to the plants');
  const waiting = step.getByRole('table', { name: 'Who still holds something old' });
  await expect(step).toContainText('0 of 3 plants done');
  for (const done of [1, 2]) {
    await waiting
      .getByRole('button', { name: /It has it/ })
      .first()
      .click();
    await expect(step).toContainText(`${done} of 3 plants done`);
  }
  await waiting.getByRole('button', { name: /It has it/ }).click();
  await expect(step).toContainText('Issue by the new authority');
  await step.getByRole('button', { name: 'Issue by the new authority' }).click();
  await expect(step).toContainText("Renew the brokers' own certificates");
  await push(page);

  await expect(step).toContainText('1 of 3 plants still hold something old');
  await step.getByRole('button', { name: 'Issue new certificates' }).click();
  await expect(panel.getByText('Done', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(step).toContainText('its new certificate, which is issued');
  await call(console, `/plants/${await plantWith(console, 'MTLS')}/activate`, {});
  await expect(step).toContainText('Retire the old authority');
  await step.getByRole('button', { name: 'Retire the old authority' }).click();
  await expect(panel.getByText('One push is left')).toBeVisible();
  await push(page);
  await expect(panel.getByText('One push is left')).toHaveCount(0);
  const list = panel.getByRole('list', { name: 'Authorities' });
  await expect(list).toContainText('Root CA G2');
  await expect(list.getByText('Retired', { exact: true })).toBeVisible();
  await expect(list).toContainText('goes on until');
});

test('certificates are held against the checklist, one by one and all together', async ({
  page,
  console,
  complaints: _,
}) => {
  await startPractice(page, console);
  await openScreen(page, 'Authority');
  const panel = page.getByRole('region', { name: 'Certificates' });
  await panel.getByRole('button', { name: 'Check all' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(/Nothing is wrong with any of \d+ certificates and CRLs/);
  await page.keyboard.press('Escape');
  await panel
    .getByRole('button', { name: /^Details of/ })
    .first()
    .click();
  await expect(dialog.getByRole('list', { name: 'Checklist of this certificate' })).toContainText('Nothing is wrong');
  await expect(dialog).toContainText('Issued by');
});

test('a plant is revoked with reason and date, and the revocation is taken back while nobody knows of it', async ({
  page,
  console,
  complaints: _,
}) => {
  await startPractice(page, console);
  const plantId = await plantWith(console, 'MTLS');
  const { name } = (await call(console, `/plants/${plantId}`)) as { name: string };
  await page.goto(new URL(`/#/plants/${plantId}/security`, page.url()).href);
  const main = page.getByRole('main');
  const revoke = async () => {
    await main.getByRole('button', { name: 'Revoke', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Reason' }).click();
    await page.getByRole('option', { name: 'The secret may be known to others' }).click();
    await dialog.getByLabel('Since when the secret may be known').fill('2026-01-02');
    await dialog.getByLabel(`Type “${name}” to confirm`).fill(name);
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(dialog).toHaveCount(0);
  };
  await revoke();
  await main.getByRole('button', { name: 'Take the revocation back' }).click();
  await expect(main.getByRole('button', { name: 'Revoke', exact: true })).toBeVisible();
  await revoke();
  const { items } = (await call(console, '/certificates?state=revoked&kind=device')) as {
    items: { invalidityDate: string; revocationReason: string }[];
  };
  expect(items).toMatchObject([{ revocationReason: 'keyCompromise', invalidityDate: '2026-01-02T00:00:00.000Z' }]);
  await push(page);
  await page.goto(new URL(`/#/plants/${plantId}/security`, page.url()).href);
  await expect(main.getByText(/Revoked on/)).toBeVisible();
  await expect(main.getByRole('button', { name: 'Take the revocation back' })).toHaveCount(0);
});
