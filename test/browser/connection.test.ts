import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVault, expect, openScreen, passphrase, test } from './support/fixtures.ts';

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

// No `complaints` here either: a browser reports a connection that is closed on it.
test('a file of a hundred megabytes is refused in words, and the window goes on', async ({ page, console }) => {
  const folder = await mkdtemp(join(tmpdir(), 'voke-large-'));
  const file = join(folder, 'ca.crt');
  await writeFile(file, '');
  await truncate(file, 100 * 1024 * 1024);
  let connections = 0;
  page.on('websocket', () => {
    connections += 1;
  });

  await page.goto(console.url);
  await page.getByRole('button', { name: 'I have a backup: restore it' }).click();
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByLabel('Passphrase of the backup').fill(passphrase);
  await page.getByRole('button', { name: 'Restore' }).click();
  // A hundred megabytes are read and sent first, which takes a slow machine a while.
  await expect(page.getByText(/larger than this address accepts/)).toBeVisible({ timeout: 45_000 });
  await expect(page.getByText('Connection lost.')).toHaveCount(0);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await page.getByLabel('Passphrase again').fill(passphrase);
  await page.getByRole('button', { name: 'Create vault' }).click();
  await expect(page.getByRole('heading', { name: 'Start', exact: true })).toBeVisible();
  // The one that the file cost, and the one after it.
  expect(connections).toBe(2);

  await openScreen(page, 'Authority');
  const panel = page.getByRole('region', { name: 'Import an existing one' });
  await panel.getByLabel('Files of the authority').setInputFiles(file);
  await expect(panel.getByText(/larger than an authority’s ever are/)).toBeVisible();
  await expect(panel.getByRole('button', { name: 'Look into it' })).toBeDisabled();
  expect(connections).toBe(2);
  await rm(folder, { recursive: true });
});
