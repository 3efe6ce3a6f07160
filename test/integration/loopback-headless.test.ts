// `npm run headless` as a program starts it: one JSON line, REST, and a clean end.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';

type Headless = { readonly child: ChildProcess; readonly folder: string; readonly complaint: () => string };

async function startHeadless(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Headless> {
  const folder = await mkdtemp(join(tmpdir(), 'voke-headless-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [...nodeOptions, 'electron/headless.ts', '--data-dir', folder, ...args]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8');
  });
  return { child, folder, complaint: () => complaint };
}

async function firstLine({ child, complaint }: Headless): Promise<string> {
  if (!child.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`it said nothing: ${complaint()}`);
}

test('prints one line of JSON, serves REST to its token, and ends at SIGTERM with status 0', async () => {
  const headless = await startHeadless(['--port', '0', '--json']);
  const line: { url: string; token: string } = JSON.parse(await firstLine(headless));
  expect(Object.keys(line).sort()).toEqual(['token', 'url']);
  const { origin } = new URL(line.url);
  const answer = await fetch(`${origin}/api/v1/vault`, { headers: { authorization: `Bearer ${line.token}` } });
  expect(await answer.json()).toEqual({ state: 'absent' });
  const ended = once(headless.child, 'exit');
  headless.child.kill('SIGTERM');
  headless.child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(headless.complaint()).not.toContain(line.token);
  expect(await readdir(headless.folder)).not.toContain('open-console.html');
});

test('a busy port is told in words, with status 1', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const headless = await startHeadless(['--port', String(port), '--json']);
  expect(await once(headless.child, 'exit')).toEqual([1, null]);
  expect(headless.complaint()).toContain('The port is already in use. Choose another port');
  expect(headless.complaint()).not.toContain('    at ');
});

test('arguments that do not fit are told in words, with status 1', async () => {
  const headless = await startHeadless(['--port', 'eighty']);
  expect(await once(headless.child, 'exit')).toEqual([1, null]);
  expect(headless.complaint()).toContain('--port must be a number from 0 to 65535');
});

test('a failure that nobody handled is logged without its secret, and ends nothing', async () => {
  const fault = `process.on('SIGUSR2', () => void Promise.reject(new Error('lost: password=hunter2')))`;
  const headless = await startHeadless(['--json'], ['--import', `data:text/javascript,${encodeURIComponent(fault)}`]);
  const { url }: { url: string } = JSON.parse(await firstLine(headless));
  headless.child.kill('SIGUSR2');
  await vi.waitFor(() => expect(headless.complaint()).toContain('a failure that nobody handled'), { timeout: 10_000 });
  expect(headless.complaint()).toContain('password=[redacted]');
  expect(headless.complaint()).not.toContain('hunter2');
  expect((await fetch(new URL('/api/v1/health', url))).status).toBe(200);
});
