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
  // Both certificates in their month of the timeline, as what stops somebody, and nothing in the month before.
  const { items } = (await call(console, '/plants')) as { items: { credentialExpiresAt: string }[] };
  const monthOf = (at: Date) => at.getFullYear() * 12 + at.getMonth();
  const ends = monthOf(new Date(items[0]?.credentialExpiresAt ?? '')) - monthOf(new Date());
  const months = panel.getByRole('figure').locator('[title]');
  await expect(months).toHaveCount(25);
  const drawn = async (index: number) =>
    await months.nth(index).evaluate((month) => ({
      count: month.firstElementChild?.textContent,
      heights: [...(month.children[1]?.children ?? [])].map((bar) => Math.round(bar.getBoundingClientRect().height)),
    }));
  await expect(months.nth(ends)).toHaveAttribute('title', /Pump 4\n.*Pump 5|Pump 5\n.*Pump 4/);
  const full = await drawn(ends);
  expect(full).toEqual({ count: '2', heights: [0, expect.any(Number)] });
  expect(full.heights[1]).toBeGreaterThan(20);
  expect(await drawn(ends - 1)).toEqual({ count: '', heights: [0, 0] });
  const download = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Calendar (.ics)' }).click();
  expect(await readFile(await (await download).path(), 'utf8')).toContain('SUMMARY:Plant certificate ends: 2 plants');
});

test('the list is narrowed down by kind, name and what has ended, and sorted by its headings', async ({
  page,
  console,
  complaints: _,
}) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  for (const [name, authMethod, days] of [
    ['Pump A', 'MTLS', 300],
    ['Pump B', 'MTLS', 20],
    ['Pump C', 'TOKEN', undefined],
  ] as const) {
    const { plantId } = (await call(console, '/plants', { name, site: 'Brno', authMethod })) as { plantId: string };
    const validity = days && { validity: { notAfter: inDays(days) }, keyAlgorithm: 'EC-P256' };
    await call(console, `/plants/${plantId}/provision`, validity ?? {});
    await call(console, `/plants/${plantId}/activate`, {});
  }
  // When a month has gone by, the token and one certificate have ended.
  await page.clock.setFixedTime(Date.now() + 30 * 86_400_000);
  await openScreen(page, 'Authority');
  const panel = page.getByRole('region', { name: 'What ends some day' });
  const listed = async () =>
    (await panel.getByRole('row').allInnerTexts()).slice(1).map((row) => /Pump .|CRL|Root|Token key/.exec(row)?.[0]);
  const kind = (name: RegExp) => panel.getByRole('radiogroup', { name: 'Kind' }).getByText(name);

  await expect(panel.getByRole('status')).toHaveText('4 of 6');
  await panel.getByLabel('Show what has ended').check();
  await expect(panel.getByRole('status')).toHaveText('6 of 6');
  await kind(/^Certificates 2$/).click();
  await expect.poll(listed).toEqual(['Pump B', 'Pump A']);
  await panel.getByRole('button', { name: 'Of', exact: true }).click();
  await expect.poll(listed).toEqual(['Pump A', 'Pump B']);
  await expect(panel.getByRole('columnheader', { name: /^Of/ })).toHaveAttribute('aria-sort', 'ascending');
  await panel.getByRole('button', { name: /^Of/ }).click();
  await expect.poll(listed).toEqual(['Pump B', 'Pump A']);
  await kind(/^Tokens 1$/).click();
  await expect.poll(listed).toEqual(['Pump C']);
  await kind(/^Token keys 1$/).click();
  await expect.poll(listed).toEqual(['Token key']);
  await kind(/^Authorities 1$/).click();
  await expect.poll(listed).toEqual(['Root']);

  const search = panel.getByLabel('Search name or site');
  await search.fill('pump b');
  await expect(panel.getByText('Nothing that ends fits the filter')).toBeVisible();
  await kind(/^All$/).click();
  await expect.poll(listed).toEqual(['Pump B']);
  await panel.getByLabel('Show what has ended').uncheck();
  await panel.getByRole('button', { name: 'Show everything' }).click();
  await expect(panel.getByRole('status')).toHaveText('4 of 6');
});
