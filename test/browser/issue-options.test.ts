import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { call, createVault, expect, openScreen, quickAuthority, test } from './support/fixtures.ts';

const run = promisify(execFile);

async function certificateRequest(...options: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-csr-'));
  try {
    await run('openssl', [
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=hmi-7'],
      ...['-keyout', join(folder, 'key'), '-out', join(folder, 'csr'), ...options],
    ]);
    return await readFile(join(folder, 'csr'), 'utf8');
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a certificate is issued as it is wished for, and for the key of a request', async ({
  page,
  console,
  complaints: _,
}) => {
  await createVault(page, console.url);
  await call(console, '/authority', quickAuthority);
  const { plantId } = (await call(console, '/plants', { name: 'HMI 7', authMethod: 'MTLS' })) as { plantId: string };
  await openScreen(page, 'Plants');
  await page.getByRole('link', { name: 'HMI 7' }).click();
  await page.getByRole('tab', { name: 'Security' }).click();
  await page.getByRole('button', { name: 'More options…' }).click();
  const first = page.getByRole('dialog', { name: 'Provision with a certificate' });
  const choose = async (label: string, option: RegExp) => {
    await page.getByRole('dialog').getByLabel(label, { exact: true }).click();
    await page.getByRole('option', { name: option }).click();
  };
  await choose('Kind of key', /Ed25519/);
  await choose('Ends', /On a date/);
  await first.getByLabel('Last day').fill('2020-01-01');
  await first.getByRole('button', { name: 'Provision' }).click();
  await expect(first.getByText(/it would end on 2020-01-01/)).toBeVisible();
  await choose('Ends', /No well-defined end/);
  await first.getByRole('button', { name: 'Provision' }).click();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await expect(page.getByText('no well-defined end')).toBeVisible();

  await page.getByRole('button', { name: 'Provision again' }).click();
  const again = page.getByRole('dialog', { name: 'Provision again' });
  await again.getByRole('button', { name: 'More options' }).click();
  await again.getByText('From a certificate request').click();
  const request = again.getByLabel('Certificate request', { exact: true });
  await request.fill(await certificateRequest('-addext', 'basicConstraints=CA:TRUE'));
  await expect(again.getByText('authority/request-for-authority')).toBeVisible();
  await request.fill(await certificateRequest('-addext', 'subjectAltName=DNS:mqtt.example.com'));
  await expect(again.getByText('subjectAltName; it gets those of a plant only')).toBeVisible();
  await expect(again.getByText(`/CN=${plantId}`)).toBeVisible();
  await again.getByRole('button', { name: 'Provision again' }).click();
  const shown = page.getByRole('dialog', { name: 'Provisioning package' });
  await expect(shown.getByRole('region', { name: 'Private key' })).toHaveCount(0);
  await shown.getByRole('button', { name: 'I have stored it' }).click();
});
