import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseServiceArguments } from '../../../../electron/policy/service/command-line.ts';
import { WatchedFile } from '../../../../electron/policy/service/watched-file.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'voke-watched-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

it('hears each content of a file once, however it got there', async () => {
  const directory = await folder();
  const path = join(directory, 'rules.json');
  await mkdir(join(directory, 'a'));
  await writeFile(join(directory, 'a', 'rules.json'), 'linked');
  await writeFile(path, 'first');
  const file = new WatchedFile(path);
  onTestFinished(() => file.close());
  expect(await file.read()).toBe('first');
  const heard: string[] = [];
  file.watch((content) => heard.push(content instanceof Error ? 'error' : content));
  const last = () => expect.poll(() => heard.at(-1), { timeout: 5000 });
  await writeFile(path, 'written');
  await last().toBe('written');
  await writeFile(join(directory, 'other'), 'renamed');
  await rename(join(directory, 'other'), path);
  await last().toBe('renamed');
  await rm(path);
  await last().toBe('error');
  await symlink(join(directory, 'a', 'rules.json'), path);
  await last().toBe('linked');
  // An empty moment between truncating and writing may be seen.
  expect(heard.filter((content) => content !== '')).toEqual(['written', 'renamed', 'error', 'linked']);
});

it('reads its arguments', () => {
  const needed = ['--rules', 'r.json', '--key', 'k.pem'];
  expect(parseServiceArguments(needed)).toMatchObject({
    rules: 'r.json',
    keys: { kind: 'key', path: 'k.pem' },
    address: '127.0.0.1',
    port: 8009,
    cacheSeconds: 30,
    tls: undefined,
  });
  expect(parseServiceArguments(['--rules', 'r', '--jwks', 'https://x/y']).keys).toEqual({
    kind: 'address',
    url: 'https://x/y',
  });
  expect(parseServiceArguments(['--rules', 'r', '--jwks', 'set.json']).keys).toEqual({
    kind: 'jwks',
    path: 'set.json',
  });
  for (const args of [
    [],
    ['--rules', 'r'],
    ['--key', 'k'],
    [...needed, '--jwks', 's'],
    [...needed, '--port', '65536'],
    [...needed, '--cache-seconds', '-1'],
    [...needed, '--cache-seconds', '3601'],
    [...needed, '--tls-cert', 'c'],
    [...needed, '--unknown'],
  ])
    expect(() => parseServiceArguments(args)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
});
