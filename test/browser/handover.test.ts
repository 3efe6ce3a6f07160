import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { unpackTar } from 'modern-tar';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

const run = promisify(execFile);
const hostile = `<img src=x onerror="document.title='run'">`;

test('a record is previewed, signed and saved, and saved again unchanged', async ({ page, console, complaints: _ }) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  for (const [name, site] of [
    [hostile, 'Hall 1'],
    ['Pump 5', 'Hall 2'],
  ]) {
    const { plantId } = (await call(console, '/plants', { name, site, authMethod: 'PASSWORD' })) as { plantId: string };
    await call(console, `/plants/${plantId}/provision`, {});
  }
  await openScreen(page, 'Handover');
  const preview = page.getByRole('region', { name: 'What it says' });
  await expect(preview).toContainText('2, of which 0 active');
  await page.getByText('One site').click();
  await page.getByRole('combobox', { name: 'Site' }).click();
  await page.getByRole('option', { name: 'Hall 1' }).click();
  await expect(preview).toContainText('1, of which 0 active');
  await expect(preview.getByRole('list', { name: 'Remarks' })).toContainText('waits in the console');

  const sign = page.getByRole('button', { name: 'Sign and save' });
  await expect(sign).toBeDisabled();
  await page.getByLabel('Handed over by').fill('Ada Lovelace');
  await page.getByLabel('Handed over to').fill('Charles & Sons');
  await page.getByLabel('Remark', { exact: true }).fill('Valve 3 is still missing.');
  const download = page.waitForEvent('download');
  await sign.click();
  const first = await download;
  expect(first.suggestedFilename()).toMatch(/^handover-0001-\d{4}-\d\d-\d\d\.tar$/);
  const item = page.getByRole('listitem', { name: 'Record 1' });
  await expect(item).toContainText('Ada Lovelace to Charles & Sons');
  const second = page.waitForEvent('download');
  await item.getByRole('button', { name: 'Save', exact: true }).click();
  const archive = await readFile(await first.path());
  expect((await readFile(await (await second).path())).equals(archive)).toBe(true);

  const folder = await mkdtemp(join(tmpdir(), 'voke-handover-page-'));
  try {
    for (const { header, data } of await unpackTar(new Uint8Array(archive))) {
      if (header.type === 'file') await writeFile(join(folder, basename(header.name)), data ?? new Uint8Array());
    }
    const words =
      'cms -verify -binary -inform DER -in handover.json.p7s -content handover.json -CAfile ca.crt -purpose any';
    expect((await run('openssl', words.split(' '), { cwd: folder })).stderr).toContain('successful');
    const sheet = await page.context().newPage();
    await sheet.goto(`file://${join(folder, 'handover.html')}`);
    await expect(sheet.getByRole('heading', { name: 'Handover record 1' })).toBeVisible();
    await expect(sheet.getByText('The plants of the site Hall 1.')).toBeVisible();
    await expect(sheet.getByRole('cell', { name: hostile }).first()).toBeVisible();
    await expect(sheet.getByText('Valve 3 is still missing.')).toBeVisible();
    await expect(sheet).toHaveTitle('Handover record 1');
  } finally {
    await rm(folder, { recursive: true });
  }
});
