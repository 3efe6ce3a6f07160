// What ends some day: on the first screen, on the authority's, and as a file for a calendar.

import { readFile } from 'node:fs/promises';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

test('the next outage is seen on the first screen, and all that ends on the authority’s', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  for (const name of ['Pump 4', 'Pump 5']) {
    const { plantId } = (await call(console, '/plants', { name, site: 'Brno', authMethod: 'MTLS' })) as {
      plantId: string;
    };
    await call(console, `/plants/${plantId}/provision`, { keyAlgorithm: 'EC-P256' });
    await call(console, `/plants/${plantId}/activate`, {});
  }
  const glance = page.getByRole('region', { name: 'At a glance' });
  await expect(glance.getByText(/^Plant: Pump [45]$/)).toBeVisible();
  await openScreen(page, 'Authority');
  const panel = page.getByRole('region', { name: 'What ends some day' });
  await expect(panel.getByRole('row', { name: /Plant Pump 4 Brno/ })).toBeVisible();
  await expect(panel.getByRole('row', { name: /Revocation list/ })).toBeVisible();
  await expect(panel.getByRole('figure')).toBeVisible();
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Calendar (.ics)' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('SUMMARY:Plant certificate ends: 2 plants');
});
