import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RendererFiles } from '../../../electron/host-common/renderer-files.ts';
import { rendererFolder } from '../../support/loopback.ts';

test('serves what was there when it was opened, by exact path', async () => {
  const folder = await rendererFolder();
  const files = await RendererFiles.open(folder);
  await writeFile(join(folder, 'later.js'), '');
  expect(files.complete).toBe(true);
  expect(await files.read('/')).toEqual(await files.read('/index.html'));
  expect((await files.read('/assets/main.js'))?.mediaType).toBe('text/javascript; charset=utf-8');
  for (const path of ['/later.js', '/assets', '/../secret.txt', '/..%2fsecret.txt', 'index.html', '']) {
    expect(await files.read(path), path).toBeUndefined();
  }
});

test('a window that was not built has no files', async () => {
  const files = await RendererFiles.open('/nowhere/at/all');
  expect(files.complete).toBe(false);
  expect(await files.read('/')).toBeUndefined();
});
