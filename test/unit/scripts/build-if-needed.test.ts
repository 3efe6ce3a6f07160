import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isBuildStale } from '../../../scripts/build-if-needed.ts';

const sources = [
  'electron/main.ts',
  'renderer/app/main.tsx',
  'shared/contract/base.ts',
  'package-lock.json',
  'electron.vite.config.ts',
];
const results = ['out/main/main.js', 'out/preload/preload.cjs', 'out/renderer/index.html'];

/** A checkout whose sources changed at second 100 and were built at second 200. */
async function checkout(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'voke-build-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const path of sources) await touch(root, path, 100);
  for (const path of results) await touch(root, path, 200);
  return root;
}

async function touch(root: string, path: string, seconds: number): Promise<void> {
  await mkdir(join(root, dirname(path)), { recursive: true });
  await writeFile(join(root, path), '');
  await utimes(join(root, path), seconds, seconds);
}

test('a build younger than its sources is kept', async () => {
  expect(await isBuildStale(await checkout())).toBe(false);
});

test.each(sources)('a change of %s asks for a new one', async (path) => {
  const root = await checkout();
  await touch(root, path, 300);
  expect(await isBuildStale(root)).toBe(true);
});

test.each(results)('so does the lack of %s', async (path) => {
  const root = await checkout();
  await rm(join(root, path));
  expect(await isBuildStale(root)).toBe(true);
});
