// The script's own promises, tried with the shell of this machine: a part of it does nothing,
// and a step that fails among the moves puts the old set back.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { type Installation, renderInstallScript } from '../../../electron/device/install-script.ts';
import { symbolicMode } from '../../../electron/remote/shell/modes.ts';

const base = await mkdtemp(join(tmpdir(), 'voke-install-script-'));
afterAll(() => rm(base, { recursive: true, force: true }));

let directory = '';
let count = 0;
beforeEach(() => {
  count += 1;
  directory = join(base, `device-${count}`);
});

const installation = (generation: string): Installation => ({
  nonce: 'abcdef0123456789',
  directory,
  files: ['ca.crt', 'device.crt', 'device.key'].map((name) => ({
    name,
    mode: 0o600,
    content: `${name} ${generation}`,
  })),
  obsolete: ['token.json'],
});

async function runScript(script: string, path = process.env.PATH): Promise<{ stdout: string; exitCode: number }> {
  const shell = spawn('sh', ['-s'], { stdio: ['pipe', 'pipe', 'ignore'], env: { PATH: path } });
  let stdout = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  shell.stdin.end(script);
  const [exitCode] = await once(shell, 'close');
  return { stdout, exitCode };
}

const contents = () => Promise.all(installation('').files.map(({ name }) => readFile(join(directory, name), 'utf8')));

it('does nothing when any part of its end is missing', async () => {
  const script = renderInstallScript(installation('one'));
  // All of it but the last line's end is the whole script: that end may be missing.
  const lastDangerous = Buffer.byteLength(script) - 2;
  const lengths = Array.from({ length: 60 }, (_, index) => Math.round((lastDangerous * index) / 60));
  for (const length of [...lengths, ...Array.from({ length: 12 }, (_, index) => lastDangerous - index)]) {
    await runScript(Buffer.from(script).subarray(0, length).toString('utf8'));
    expect(await readdir(base)).not.toContain(`device-${count}`);
  }
  expect((await runScript(script)).stdout).toContain('abcdef0123456789 done');
});

it.each([1, 2, 3])('puts the old set back when move %i fails', async (failing) => {
  await runScript(renderInstallScript(installation('one')));
  await writeFile(join(directory, 'token.json'), 'old token');
  const tools = await shim('mv', failing + 1); // the first `mv` keeps the previous generation
  const result = await runScript(renderInstallScript(installation('two')), `${tools}:${process.env.PATH}`);
  expect(result.stdout).toMatch(/failed install-failed/);
  expect(result.exitCode).toBe(1);
  expect(await contents()).toEqual(['ca.crt one', 'device.crt one', 'device.key one']);
  expect((await readdir(directory)).sort()).toEqual(['.previous', 'ca.crt', 'device.crt', 'device.key', 'token.json']);
});

it('refuses a file system that does not keep modes', async () => {
  const tools = await shim('chmod', 0);
  const open = { ...installation('one'), files: [{ name: 'ca.crt', mode: 0o644, content: 'authority' }] };
  const result = await runScript(renderInstallScript(open), `${tools}:${process.env.PATH}`);
  expect(result.stdout).toContain('failed mode-not-kept ca.crt');
  expect(await readdir(base)).not.toContain(`device-${count}`);
});

it('refuses content that arrived otherwise than it was sent', async () => {
  const script = renderInstallScript(installation('one')).replace('\ndevice.crt one', '\ndevice.crt two');
  expect((await runScript(script)).stdout).toContain('failed hash-mismatch device.crt');
  expect(await readdir(base)).not.toContain(`device-${count}`);
});

it('removes the stage that a power cut left', async () => {
  await mkdir(join(directory, '.incoming'), { recursive: true });
  await writeFile(join(directory, '.incoming', 'device.key'), 'stale secret');
  await runScript(renderInstallScript(installation('one')));
  expect((await readdir(directory)).sort()).toEqual(['.previous', 'ca.crt', 'device.crt', 'device.key']);
});

it('shows modes as ls does', () => {
  expect([0o600, 0o644, 0o750].map(symbolicMode)).toEqual(['-rw-------', '-rw-r--r--', '-rwxr-x---']);
});

/** A folder with a `tool` that fails at its `failing`th call, and for 0 does nothing at all. */
async function shim(tool: string, failing: number): Promise<string> {
  const folder = await mkdtemp(join(base, 'tools-'));
  const counter = join(folder, 'calls');
  const real = `/bin/${tool}`;
  const program =
    failing === 0
      ? 'exit 0'
      : `echo x >>'${counter}'; [ "$(wc -l <'${counter}')" -eq ${failing} ] && exit 1; exec ${real} "$@"`;
  await writeFile(join(folder, tool), `#!/bin/sh\n${program}\n`);
  await chmod(join(folder, tool), 0o755);
  return folder;
}
