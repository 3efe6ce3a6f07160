// Plants in bulk through the contract, on a real vault.

import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => disposeChecked(console));

const id = (number: number) => `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
const csvOf = (lines: readonly string[]) => ['name,site,auth method,uuid', ...lines, ''].join('\r\n');
const all = async () => (await console.client.plants.list({ limit: 1000 })).items;

it('registers every plant of a file, and gives each its first credential', async () => {
  const { client } = console;
  const csv = csvOf([`"Pump, north",Brno,MTLS,${id(1)}`, 'Pump south,,password,', 'Gateway,Brno,jwt,']);
  const preview = await client.plants.previewImport({ csv });
  expect(preview).toMatchObject({ faulty: 0, ignoredColumns: [] });
  expect(preview.rows[0]).toEqual({
    line: 2,
    name: 'Pump, north',
    site: 'Brno',
    authMethod: 'MTLS',
    plantId: id(1),
    faults: [],
  });
  const job = await endOf(console, await client.plants.import({ csv, issue: { keyAlgorithm: 'EC-P256' } }));
  expect(job).toMatchObject({ state: 'succeeded', progress: 1 });
  const plants = await all();
  expect(
    plants.map(({ name, site, authMethod, credentialWaits }) => [name, site, authMethod, credentialWaits]),
  ).toEqual(
    [
      ['Gateway', 'Brno', 'TOKEN', true],
      ['Pump south', null, 'PASSWORD', true],
      ['Pump, north', 'Brno', 'MTLS', true],
    ].sort(([a], [b]) => String(a).localeCompare(String(b))),
  );
  const { body } = await client.plants.download({ plantId: id(1) });
  const certificate = 'deviceCertPem' in body.auth ? body.auth.deviceCertPem : '';
  expect(new X509Certificate(certificate).subject).toBe(`CN=${id(1)}`);
});

it('tells the fault of every line, and imports nothing of a file that has one', async () => {
  const { client } = console;
  await client.plants.create({ name: 'Known', authMethod: 'PASSWORD', plantId: id(7) });
  const csv = csvOf([
    `Fine,,MTLS,${id(1)}`,
    `Again,,MTLS,${id(1)}`,
    `Known,,MTLS,${id(7)}`,
    `Same username,,PASSWORD,${id(7).replace('4000', '4001')}`,
    ',,CARRIER PIGEON,not a uuid',
    'too,many,fields,for,this',
    '"quoted"x,,MTLS,',
    'Not "quoted",,MTLS,',
  ]);
  const { rows, faulty } = await client.plants.previewImport({ csv });
  expect(faulty).toBe(7);
  expect(rows.map(({ line, faults }) => [line, faults.map(({ code, field }) => `${code} ${field}`)])).toEqual([
    [2, []],
    [3, ['duplicate plantId']],
    [4, ['exists plantId']],
    [5, ['exists plantId']],
    [6, ['invalid-value plantId', 'invalid-value name', 'invalid-value authMethod']],
    [7, ['broken-line null']],
    [8, ['broken-line null']],
    [9, ['broken-line null']],
  ]);
  const job = await endOf(console, await client.plants.import({ csv }));
  expect(job).toMatchObject({ state: 'failed', error: { code: 'plant/import-broken-line' } });
  const refused = await endOf(console, await client.plants.import({ csv: csvOf([`Known,,MTLS,${id(7)}`]) }));
  expect(refused.error).toMatchObject({ code: 'plant/import-refused', detail: expect.stringContaining('line 2') });
  expect(await all()).toHaveLength(1);
});

it('refuses what is no list of plants', async () => {
  for (const csv of ['', 'name,site\nA,B\n', 'name,auth method\n', 'name,name,auth method\nA,B,MTLS\n', '"name\n']) {
    await expect(console.client.plants.previewImport({ csv })).rejects.toMatchObject({
      code: 'plant/import-unreadable',
    });
  }
  const many = csvOf(Array.from({ length: 5001 }, (_, number) => `Plant ${number},,MTLS,`));
  await expect(console.client.plants.previewImport({ csv: many })).rejects.toMatchObject({
    code: 'plant/import-unreadable',
  });
});

it('imports a thousand plants with their credentials while others get their turn', async () => {
  const { client } = console;
  const csv = csvOf(
    Array.from(
      { length: 1200 },
      (_, number) => `Plant ${number},Site ${number % 7},${['MTLS', 'PASSWORD', 'TOKEN'][number % 3]},`,
    ),
  );
  const job = await endOf(console, await client.plants.import({ csv, issue: { keyAlgorithm: 'EC-P256' } }));
  expect(job.state).toBe('succeeded');
  expect((await client.plants.list({ limit: 1 })).total).toBe(1200);
  expect((await client.authority.listCertificates({ kind: 'device', limit: 1 })).total).toBe(400);
  expect((await client.audit.list({ limit: 1 })).firstBroken).toBeNull();
});

it('takes everything out again when the vault is locked in the middle', async () => {
  const { client } = console;
  const csv = csvOf(Array.from({ length: 400 }, (_, number) => `Plant ${number},,PASSWORD,`));
  const { jobId } = await client.plants.import({ csv, issue: {} });
  for (;;) {
    const { total } = await client.plants.list({ limit: 1 });
    if (total > 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await client.vault.lock();
  await client.vault.unlock({ passphrase });
  expect(await endOf(console, { jobId })).toMatchObject({ state: 'failed', error: { code: 'vault/locked' } });
  const undoing = (await client.jobs.list()).find((job) => job.kind === 'import' && job.jobId !== jobId);
  if (!undoing) throw new Error('nothing undoes the import');
  expect(await endOf(console, undoing)).toMatchObject({ state: 'succeeded' });
  expect(await all()).toEqual([]);
  expect(await endOf(console, await client.plants.import({ csv, issue: {} }))).toMatchObject({ state: 'succeeded' });
  expect((await client.plants.list({ limit: 1 })).total).toBe(400);
});
