// How far an import of more than a thousand plants is, as a window that watches its job is told; and that a fault leaves
// nothing of it, be it in the last line of the file or in the middle of storing.

import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Job } from '../../shared/model/job.ts';
import { plantIdSchema } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';

const plants = 1200;

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => console.dispose());

const id = (number: number) =>
  plantIdSchema.parse(`${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`);
const line = (number: number) => `Plant ${number},Site ${number % 7},${['MTLS', 'PASSWORD'][number % 2]},${id(number)}`;
const csvOf = (lines: readonly string[]) => ['name,site,auth method,uuid', ...lines, ''].join('\n');
const lines = Array.from({ length: plants }, (_, number) => line(number + 1));
const issue = { keyAlgorithm: 'EC-P256' } as const;

/** Everything that a watcher of the job is told; `onTold` runs between two of them. */
async function watched(csv: string, onTold: (job: Job) => Promise<void> = async () => {}): Promise<Job[]> {
  const { jobId } = await console.client.plants.import({ csv, issue });
  const told: Job[] = [];
  for await (const job of await console.client.jobs.watch({ jobId })) {
    told.push(job);
    await onTold(job);
  }
  return told;
}

const stored = async () => {
  const { client } = console;
  const [{ total }, certificates, { items }] = await Promise.all([
    client.plants.list({ limit: 1 }),
    client.authority.listCertificates({ kind: 'device', state: 'issued', limit: 1 }),
    client.audit.list({ limit: 100 }),
  ]);
  return { plants: total, certificates: certificates.total, actions: items.map(({ action }) => action) };
};

it('is told in steps that grow, up to the end and not before it', async () => {
  const told = await watched(csvOf(lines));
  const progress = told.map((job) => job.progress);
  expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  expect(new Set(progress).size).toBeGreaterThan(10);
  expect(told.every(({ state, progress: so }) => (state === 'running' ? so < 1 : so === 1))).toBe(true);
  expect(told.at(-1)).toMatchObject({ state: 'succeeded', error: null });
  const names = told.at(-1)?.steps.map(({ name }) => name) ?? [];
  expect([names.at(0), names.at(1), names.at(-1)]).toEqual([
    'Check the file',
    `Issue credentials 1 to 60 of ${plants}`,
    `Register ${plants} plants`,
  ]);
  expect(await stored()).toMatchObject({ plants, certificates: plants / 2 });
});

it('leaves nothing when the last of its lines has a fault', async () => {
  const told = await watched(csvOf([...lines, `Once more,,MTLS,${id(1)}`]));
  expect(told.at(-1)).toMatchObject({ state: 'failed', error: { code: 'plant/import-refused' } });
  expect(told.at(-1)?.progress).toBeLessThan(1);
  const { actions, ...left } = await stored();
  expect(left).toEqual({ plants: 0, certificates: 0 });
  expect(actions).not.toContain('plant.provision');
});

it('leaves nothing when storing breaks off in the middle, not even what was stored by then', async () => {
  const { client } = console;
  let isByHand = false;
  const told = await watched(csvOf(lines), async ({ steps }) => {
    if (isByHand || !steps.some(({ name }) => name.startsWith('Issue credentials'))) return;
    isByHand = true;
    // Somebody registers the last of them by hand, after the file was checked.
    await client.plants.create({ name: 'By hand', authMethod: 'MTLS', plantId: id(plants) });
  });
  expect(told.at(-1)).toMatchObject({ state: 'failed', error: { code: 'plant/exists' } });
  const { actions, ...left } = await stored();
  expect(left).toEqual({ plants: 1, certificates: 0 });
  expect(actions).toContain('plants.import-undone');
  expect(actions).not.toContain('plants.import');
  expect((await client.plants.get({ plantId: id(plants) })).name).toBe('By hand');
});
