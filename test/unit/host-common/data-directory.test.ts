import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultDataDirectory, prepareDataDirectory } from '../../../electron/host-common/data-directory.ts';

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

async function temporaryHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'voke-home-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return home;
}

describe('the default data folder', () => {
  test.each([
    ['linux', {}, '/home/eva/.local/share/voke-console'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/voke-console'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/eva/.local/share/voke-console'],
    ['darwin', { XDG_DATA_HOME: '/data' }, '/home/eva/Library/Application Support/voke-console'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/voke-console'],
    ['win32', {}, '/home/eva/AppData/Roaming/voke-console'],
  ] as const)('on %s with %o', (platform, environment, expected) => {
    expect(defaultDataDirectory({ platform, environment, home: '/home/eva' })).toBe(expected);
  });
});

describe('preparing it', () => {
  test('makes the default one private, also when it was there and open', async () => {
    const home = await temporaryHome();
    const path = join(home, '.local', 'share', 'voke-console');
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
    const surroundings = { platform: 'linux', environment: {}, home } as const;
    expect(await prepareDataDirectory(surroundings)).toBe(path);
    expect(await modeOf(path)).toBe(0o700);
  });

  test('makes a new named one private, and leaves an old one as it is', async () => {
    const home = await temporaryHome();
    const surroundings = { platform: 'linux', environment: {}, home } as const;
    await prepareDataDirectory(surroundings, join(home, 'new'));
    expect(await modeOf(join(home, 'new'))).toBe(0o700);
    await chmod(home, 0o755);
    await prepareDataDirectory(surroundings, home);
    expect(await modeOf(home)).toBe(0o755);
  });

  test('a file in its place is refused in words', async () => {
    const home = await temporaryHome();
    const path = join(home, 'file');
    await writeFile(path, '');
    const surroundings = { platform: 'linux', environment: {}, home } as const;
    await expect(prepareDataDirectory(surroundings, path)).rejects.toMatchObject({
      code: 'host/data-folder',
      details: { path },
    });
    await expect(prepareDataDirectory(surroundings, join(path, 'below'))).rejects.toMatchObject({
      code: 'host/data-folder',
    });
  });
});
