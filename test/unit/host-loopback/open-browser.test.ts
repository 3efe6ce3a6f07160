import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BrowserOpener, openerFor } from '../../../electron/host-loopback/open-browser.ts';
import { createLogger } from '../../../electron/platform/log.ts';

test.each([
  ['linux', {}, undefined],
  ['linux', { DISPLAY: '' }, undefined],
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['darwin', {}, 'open'],
  ['win32', {}, 'explorer.exe'],
] as const)('on %s with %o', (platform, environment, opener) => {
  expect(openerFor(platform, environment)).toBe(opener);
});

test('the address goes into a private file, which goes with the console; a browser that is missing is logged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voke-open-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const log: string[] = [];
  const opener = new BrowserOpener(
    folder,
    createLogger((line) => log.push(line)),
  );
  const url = 'http://127.0.0.1:1/start?token=secret';
  await opener.open('no-such-browser', url);
  const page = join(folder, 'open-console.html');
  expect(await readFile(page, 'utf8')).toContain(`url=${url}`);
  expect((await stat(page)).mode & 0o777).toBe(0o600);
  await vi.waitFor(() => expect(log.join('')).toContain('the browser could not be opened'));
  expect(log.join('')).not.toContain('secret');
  await opener.close();
  expect(await readdir(folder)).toEqual([]);
});
