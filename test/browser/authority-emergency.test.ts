// The key is lost or stolen: the screen leads every method to something new, and to the token key; and it shows the way out
// where the vault has lost the authority itself.

import { join } from 'node:path';
import { vaultFileName } from '../../electron/core/console.ts';
import { loseAuthorityKey } from '../support/lost-key.ts';
import { call, createVault, expect, openScreen, passphrase, quickAuthority, test } from './support/fixtures.ts';

test('in an emergency certificates, passwords and tokens are issued anew', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  for (const authMethod of ['MTLS', 'PASSWORD', 'TOKEN']) {
    const { plantId } = (await call(console, '/plants', { name: `By ${authMethod}`, authMethod })) as {
      plantId: string;
    };
    await call(console, `/plants/${plantId}/provision`, {});
    await call(console, `/plants/${plantId}/activate`, {});
  }
  await openScreen(page, 'Authority');
  const panel = page.getByRole('region', { name: 'Change of authority' });
  const step = panel.locator('[aria-current="step"]');
  await panel.getByRole('button', { name: 'The key is lost or stolen' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('every password and token too');
  await dialog.getByLabel(/to confirm/).fill('EMERGENCY');
  await dialog.getByRole('button', { name: 'Make a new authority now' }).click();

  const waiting = step.getByRole('table', { name: 'Who still holds something old' });
  for (const [method, word] of [
    ['Certificate', 'certificate'],
    ['Password', 'password'],
    ['Token', 'token'],
  ] as const) {
    await expect(waiting.getByRole('row', { name: new RegExp(`${method} a new ${word}$`) })).toBeVisible();
  }
  await expect(panel.getByText('Change the token key too')).toBeVisible();
  await step.getByRole('button', { name: 'Issue everything anew' }).click();
  await expect(panel.getByText('Done', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(waiting).toContainText('its new password, which is issued');
  await expect(waiting).toContainText('its new token, which is issued');
  await expect(step).toContainText('3 of 3 plants still hold something old');

  // The token key has a guide of its own, and a token by the old key counts as old from then on.
  const keys = page.getByRole('region', { name: 'Token keys' });
  await keys.getByRole('button', { name: 'Change the key' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make the next key' }).click();
  await keys.getByRole('button', { name: 'Sign with the new key' }).click();
  await expect(panel.getByText('The old token key is still trusted')).toBeVisible();
  await expect(waiting.getByRole('row', { name: /Token a new token$/ })).toBeVisible();
});

test('a vault that has lost its authority says so, and makes a new one in its place', async ({ page, console }) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  const { plantId } = (await call(console, '/plants', { name: 'Pump', authMethod: 'MTLS' })) as { plantId: string };
  await call(console, `/plants/${plantId}/provision`, {});
  await call(console, '/vault/lock', {});
  loseAuthorityKey(join(console.dataDirectory, vaultFileName), 'gone');
  await call(console, '/vault/unlock', { passphrase });
  await page.reload();
  await openScreen(page, 'Authority');
  await expect(page.getByRole('alert')).toContainText('Restore a backup that has it');
  await expect(page.getByRole('button', { name: 'Create authority' })).toHaveCount(0);
  await page.getByRole('button', { name: 'The key is lost or stolen' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('The old authority cannot certify the new one');
  await dialog.getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: 'EC-P256' }).click();
  await dialog.getByLabel(/to confirm/).fill('EMERGENCY');
  await dialog.getByRole('button', { name: 'Make a new authority now' }).click();
  const panel = page.getByRole('region', { name: 'Change of authority' });
  await expect(panel.getByRole('list', { name: 'Authorities' })).toContainText('Test Root G2', { timeout: 30_000 });
  await expect(panel.getByRole('row', { name: /Pump.* a new certificate/ })).toBeVisible();
});
