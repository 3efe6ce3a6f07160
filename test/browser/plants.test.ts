import { call, createVault, expect, openScreen, passphrase, quickAuthority, test } from './support/fixtures.ts';

test('an engineer makes the authority, adds a plant and sees its secrets once', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await page
    .getByRole('button', { name: 'Open Authority' })
    .or(page.getByRole('link', { name: 'Open Authority' }))
    .click();
  await page
    .getByRole('button', { name: /authority/i })
    .last()
    .click();
  // The subject stands in the form already; this stands there only when the key was made, which takes seconds.
  await expect(page.getByRole('heading', { name: 'Root certificate', exact: true })).toBeVisible({ timeout: 30_000 });

  await openScreen(page, 'Plants');
  await page.getByRole('button', { name: 'Add plant' }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Name').fill('Pump station 4');
  await drawer.getByLabel('Site').fill('Brno');
  await drawer.getByRole('radio', { name: 'Password' }).check();
  await drawer.getByRole('button', { name: 'Add plant' }).click();

  await page.getByRole('button', { name: 'Provision', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Provisioning package' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByText(/^plc-[0-9a-f]{8}$/).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await expect(dialog).toBeVisible();
  const secret = dialog.getByRole('region', { name: 'Password' });
  await expect(secret).not.toContainText(/[A-Za-z0-9]{32}/);
  await dialog.getByRole('button', { name: /show.*password/i }).click();
  await expect(secret).toContainText(/[A-Za-z0-9]{32}/);
  const shown = /[A-Za-z0-9]{32}/.exec(await secret.innerText())?.[0] ?? '';
  await dialog.getByRole('button', { name: 'I have stored it' }).click();
  await expect(dialog).toBeHidden();
  expect(await page.content()).not.toContain(shown);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
  expect(stored).not.toContain(shown);
});

test('the register is searched and filtered', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  for (const [name, authMethod] of [
    ['Alpha', 'MTLS'],
    ['Beta', 'PASSWORD'],
    ['Gamma', 'TOKEN'],
  ]) {
    await call(console, '/plants', { name, authMethod });
  }
  await openScreen(page, 'Plants');
  const names = ['Alpha', 'Beta', 'Gamma'];
  const shows = async (...expected: string[]) => {
    for (const name of names)
      await expect(page.getByText(name, { exact: true })).toHaveCount(expected.includes(name) ? 1 : 0);
  };
  await shows('Alpha', 'Beta', 'Gamma');
  await page.getByLabel('Search name, site or id').fill('bet');
  await shows('Beta');
  await page.getByLabel('Search name, site or id').fill('');
  await page.getByText('Revoked', { exact: true }).click();
  await shows();
  await page.getByText('All', { exact: true }).click();
  await shows('Alpha', 'Beta', 'Gamma');
});

test('a plant that clashes is refused in words, and the form keeps what was typed', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/plants', {
    name: 'First',
    authMethod: 'PASSWORD',
    plantId: 'a1b2c3d4-0000-0000-0000-000000000001',
  });
  await openScreen(page, 'Plants');
  await page.getByRole('button', { name: 'Add plant' }).first().click();
  const drawer = page.getByRole('dialog');
  await drawer.getByLabel('Name').fill('Second');
  await drawer.getByRole('radio', { name: 'Password' }).check();
  await drawer.getByLabel('Plant id').fill('not a uuid');
  await drawer.getByRole('button', { name: 'Add plant' }).click();
  await expect(drawer.getByText(/must be a UUID/i)).toBeVisible();
  await drawer.getByLabel('Plant id').fill('a1b2c3d4-0000-0000-0000-000000000002');
  await drawer.getByRole('button', { name: 'Add plant' }).click();
  await expect(drawer.getByText(/same 8 hex digits/)).toBeVisible();
  await expect(drawer.getByLabel('Name')).toHaveValue('Second');
});

test('all of it can be done without a mouse', async ({ page, console, complaints: _ }) => {
  await page.goto(console.url);
  await expect(page.getByLabel('Passphrase', { exact: true })).toBeFocused();
  await page.keyboard.type(passphrase);
  /** Goes on with Tab until something with this name has the focus, as a person does. */
  const tabTo = async (name: RegExp) => {
    for (let steps = 0; steps < 40; steps++) {
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
        return labels[0]?.textContent ?? element?.getAttribute('aria-label') ?? element?.textContent ?? '';
      });
      if (name.test(focused.trim())) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`nothing named ${name} can be reached`);
  };
  await tabTo(/^Passphrase again/);
  await page.keyboard.type(passphrase);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Start', exact: true })).toBeVisible();
  await tabTo(/^Plants$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Plants', exact: true })).toBeVisible();
  await tabTo(/^Add plant$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Typed plant');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Typed plant' })).toBeVisible();
});
