import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { findElectronBinary } from '../../../scripts/electron-binary.ts';

test('is found only where its download was completed', async () => {
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', undefined);
  const root = await mkdtemp(join(tmpdir(), 'voke-electron-'));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true, force: true });
  });
  const folder = join(root, 'node_modules', 'electron');
  await mkdir(join(folder, 'dist'), { recursive: true });
  expect(findElectronBinary(root)).toBeUndefined();
  await writeFile(join(folder, 'path.txt'), 'electron');
  expect(findElectronBinary(root)).toBeUndefined();
  await writeFile(join(folder, 'dist', 'electron'), '');
  expect(findElectronBinary(root)).toBe(join(folder, 'dist', 'electron'));
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', join(root, 'elsewhere'));
  expect(findElectronBinary(root)).toBeUndefined();
});
