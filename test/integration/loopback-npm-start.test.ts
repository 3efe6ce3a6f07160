// `npm start` on a machine without Electron's binary: says so, and serves the built window.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';

test('names what is missing and how to get it, and serves the window at the address it prints', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voke-start-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, ['scripts/start.ts', '--data-dir', folder, '--json', '--no-open'], {
    env: { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nothing') },
  });
  onTestFinished(() => void child.kill('SIGTERM'));
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString('utf8');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = await lines.next();
  if (value === undefined) throw new Error(`it did not start: ${told}`);
  expect(told).toContain("Electron's binary is not on this machine");
  expect(told).toContain('npx install-electron');
  const { url }: { url: string } = JSON.parse(value);
  const signedIn = await fetch(url, { redirect: 'manual' });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const page = await fetch(new URL('/', url), { headers: { cookie } });
  expect(await page.text()).toContain('<div id="root">');
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});
