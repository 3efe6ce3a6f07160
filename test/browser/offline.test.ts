// Devices without a network, from the window's side: what is saved is really run in a shell, and what that leaves is read.

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Locator, Page } from '@playwright/test';
import { unpackTar } from 'modern-tar';
import { dashDevice, type StickDevice } from '../support/stick-devices.ts';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';
import type { HeadlessConsole } from './support/headless-console.ts';

let device: StickDevice;
test.beforeEach(async () => {
  device = await dashDevice();
});
test.afterEach(() => device.stop());

const stick = (name: string) => `/media/usb/${name}`;

async function addPlant(console: HeadlessConsole, name: string, authMethod: string): Promise<string> {
  return ((await call(console, '/plants', { name, authMethod })) as { plantId: string }).plantId;
}

/** Presses a button and answers the file that the browser saved, on the stick. */
async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  const name = download.suggestedFilename();
  await download.saveAs(device.locally(stick(name)));
  return { name, bytes: await readFile(device.locally(stick(name))) };
}

/** The code that an entry of the dialog shows, with hyphens. */
const codeIn = async (entry: Locator): Promise<string> =>
  /([0-9A-Z]{4}\s*){5}/
    .exec(await entry.innerText())?.[0]
    .trim()
    .replaceAll(/\s+/g, '-') ?? '';

/** Types the directory of this device, which is no device's usual one. */
async function enterDirectory(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Directory on the device/ })
    .last()
    .click();
  await page.getByLabel('Install into').last().fill(device.seenAs('/etc/voke'));
}

const readReceipts = (page: Page, ...files: { name: string; text: string }[]) =>
  page
    .getByLabel('Receipts')
    .setInputFiles(files.map(({ name, text }) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })));

test('credentials leave on a stick, and their receipts close the deployments', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  for (const name of ['Pump 4', 'Pump 5', 'Boiler']) {
    const plantId = await addPlant(console, name, name === 'Pump 5' ? 'MTLS' : 'PASSWORD');
    await call(console, `/plants/${plantId}/provision`, { keyAlgorithm: 'EC-P256' });
  }
  await addPlant(console, 'Without a credential', 'PASSWORD');
  await openScreen(page, 'Deployments');
  await page.getByRole('tab', { name: 'Without a network' }).click();

  const out = page.getByRole('region', { name: 'Onto the stick' });
  await expect(out.getByRole('checkbox', { name: /^(Pump|Boiler)/ })).toHaveCount(3);
  await expect(out.getByText('Without a credential')).toBeHidden();
  await out.getByLabel('Search name, site or id').fill('pump');
  await out.getByRole('checkbox', { name: 'All 2 found' }).check();
  await out.getByLabel('Search name, site or id').fill('');
  await expect(out.getByRole('status')).toHaveText('2 chosen');
  await expect(out.getByRole('checkbox', { name: /^Boiler/ })).not.toBeChecked();
  await enterDirectory(page);
  const archive = await saved(page, () => out.getByRole('button', { name: 'Save 2 bundles' }).click());

  const dialog = page.getByRole('dialog', { name: 'One-time codes of 2 devices' });
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  const entry = dialog.getByRole('listitem', { name: 'Pump 5' });
  const code =
    /([0-9A-Z]{4}\s*){5}/
      .exec(await entry.innerText())?.[0]
      .trim()
      .replaceAll(/\s+/g, '-') ?? '';
  expect(code).toHaveLength(24);
  const bundle = (await unpackTar(archive.bytes)).find(({ header }) => header.name === 'voke-pump-5.sh')?.data;
  if (!bundle) throw new Error('the archive lacks voke-pump-5.sh');
  await expect(entry).toContainText(createHash('sha256').update(bundle).digest('hex'));

  await page.emulateMedia({ media: 'print' });
  await expect(page.getByText(code, { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'One-time codes', exact: true })).toBeVisible();
  await expect(dialog).toBeHidden();
  await page.emulateMedia({ media: 'screen' });
  await expect(page.getByText(code, { exact: true })).toBeHidden();
  await dialog.getByRole('button', { name: 'I have noted the codes' }).click();
  await expect(dialog).toBeHidden();
  expect(await page.content()).not.toContain(code);
  await expect(page.getByText(code.slice(0, 4), { exact: true })).toHaveCount(0);

  const bundles = page.getByRole('region', { name: 'Bundles' });
  await expect(bundles.getByRole('row', { name: /Pump 5 .*Open/ })).toBeVisible();
  await writeFile(device.locally(stick('voke-pump-5.sh')), bundle);
  expect(await device.run(stick('voke-pump-5.sh'), code)).toMatchObject({ exitCode: 0 });
  const receipt = await readFile(device.locally(stick('voke-pump-5.receipt.txt')), 'utf8');
  await readReceipts(
    page,
    { name: 'altered.txt', text: receipt.replace(/^clock \d+/m, 'clock 1') },
    { name: 'pump-5.receipt.txt', text: receipt },
    { name: 'empty.txt', text: '' },
  );
  const back = page.getByRole('region', { name: 'Back from the stick' });
  await expect(back.getByText('1 of 3 receipts count.')).toBeVisible();
  const good = back.getByRole('region', { name: 'Receipt pump-5.receipt.txt' });
  await expect(good.getByText('Installed on Pump 5')).toBeVisible();
  await good.getByRole('button', { name: /^Checks all 7 passed/ }).click();
  await expect(good.getByText('It was written with the opened bundle, and nobody altered it since.')).toBeVisible();
  await good.getByRole('button', { name: /^Files/ }).click();
  await expect(good.getByRole('row', { name: /device\.key 0600/ })).toBeVisible();
  const altered = back.getByRole('list', { name: 'Checks of altered.txt' }).getByRole('listitem');
  await expect(altered.nth(1)).toContainText('This vault exported its bundle.');
  await expect(altered.nth(2)).toContainText('This receipt was altered');
  await expect(altered.nth(3)).toContainText('Not looked at.');
  await expect(back.getByText('This is not a receipt of a bundle.')).toBeVisible();

  await expect(bundles.getByRole('row', { name: /Pump 5 .*Installed/ })).toBeVisible();
  await bundles.getByText('Open (1)').click();
  await expect(bundles.getByRole('row', { name: /Pump/ })).toHaveCount(1);
  await expect(out.getByRole('checkbox', { name: /^Pump 5/ })).toHaveCount(0);
  await readReceipts(page, { name: 'again.txt', text: receipt });
  await expect(back.getByText('This receipt was imported already; nothing was changed.')).toBeVisible();
});

test('a key that is made on the device gets its certificate after a typed comparison', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  await addPlant(console, 'Pump 4', 'PASSWORD');
  await addPlant(console, 'Other', 'MTLS');
  const plantId = await addPlant(console, 'Boiler', 'MTLS');
  await page.goto(new URL(`/#/deployments/offline/${plantId}`, console.url).href);

  const panel = page.getByRole('region', { name: 'Key made on the device' });
  await panel.getByRole('button', { name: 'Request kit…' }).click();
  const kitDialog = page.getByRole('dialog', { name: /request kit/ });
  await expect(kitDialog.getByRole('combobox', { name: 'Plant' })).toHaveValue(/^Boiler/);
  await kitDialog.getByRole('combobox', { name: 'Key' }).click();
  await page.getByRole('option', { name: 'EC-P256' }).click();
  await enterDirectory(page);
  const kit = await saved(page, () => kitDialog.getByRole('button', { name: 'Save request kit' }).click());
  expect(kit.name).toBe('voke-request-boiler.sh');
  await expect(kitDialog.getByText('voke-request-boiler.csr')).toBeVisible();
  await kitDialog.getByRole('button', { name: 'Done' }).click();
  const { said } = await device.run(stick(kit.name));
  const keyCheck = /Key check: (.*)/.exec(said)?.[1]?.trim() ?? '';
  const request = await readFile(device.locally(stick('voke-request-boiler.csr')));

  await panel.getByRole('button', { name: 'Answer a request…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Answer a certificate request' });
  const choosePlant = async (name: string) => {
    await dialog.getByRole('combobox', { name: 'Plant' }).fill(name);
    await page.getByRole('option', { name }).click();
  };
  const readRequest = () =>
    dialog
      .getByLabel('Certificate request', { exact: true })
      .setInputFiles({ name: 'voke-request-boiler.csr', mimeType: 'application/pkcs10', buffer: request });
  await choosePlant('Other');
  await readRequest();
  await expect(dialog.getByText('This certificate request names another plant.')).toBeVisible();
  await choosePlant('Boiler');
  await readRequest();
  await expect(dialog.getByRole('row', { name: 'Key EC-P256 this key' })).toBeVisible();
  await expect(dialog.getByRole('row', { name: `Subject /CN=${plantId} /CN=${plantId}` })).toBeVisible();
  const issue = dialog.getByRole('button', { name: 'Issue and save the answer' });
  const field = dialog.getByLabel('Key check that the device showed');
  expect(await page.content()).not.toContain(keyCheck.slice(0, 9));
  await expect(issue).toBeDisabled();
  await field.fill(keyCheck.slice(0, -1));
  await expect(dialog.getByText('1 more characters')).toBeVisible();
  await field.fill(`${keyCheck.startsWith('0') ? '1' : '0'}${keyCheck.slice(1)}`);
  await expect(dialog.getByText('Not the key of this request.')).toBeVisible();
  await expect(dialog.getByText(keyCheck.slice(0, 4), { exact: true })).toHaveCount(0);
  await expect(issue).toBeDisabled();
  await field.fill(keyCheck.toUpperCase());
  await expect(dialog.getByText('The same: the request comes from that device.')).toBeVisible();
  await enterDirectory(page);
  const answer = await saved(page, () => issue.click());

  const codes = page.getByRole('dialog', { name: 'One-time code' });
  const code = await codeIn(codes.getByRole('listitem'));
  await codes.getByRole('button', { name: 'I have noted the code' }).click();
  expect(await device.run(stick(answer.name), code)).toMatchObject({ exitCode: 0 });
  const receipt = await readFile(device.locally(stick(answer.name.replace(/\.sh$/, '.receipt.txt'))), 'utf8');
  await readReceipts(page, { name: 'boiler.receipt.txt', text: receipt });
  await expect(page.getByText('Installed on Boiler')).toBeVisible();
  await expect(page.getByRole('row', { name: /Boiler answers a request Installed/ })).toBeVisible();
});
