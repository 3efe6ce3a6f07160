import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type ClientChannel } from 'ssh2';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PracticeDevice } from '../../../electron/practice/device.ts';

let device: PracticeDevice;
const clients: Client[] = [];
beforeEach(async () => {
  device = await PracticeDevice.start();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  await device.stop();
});

function logIn(change: { username?: string; password?: string } = {}): Promise<Client> {
  const client = new Client();
  clients.push(client);
  const { host, port, username, password } = device;
  return new Promise((resolve, reject) => {
    client.on('error', reject);
    client.on('ready', () => resolve(client));
    client.connect({ host, port, username, password, ...change, hostVerifier: () => true });
  });
}

const exec = (client: Client, command: string) =>
  new Promise<ClientChannel>((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });

it('runs a script below its own root, in an environment without secrets', async () => {
  const channel = await exec(await logIn(), 'sh -s');
  let output = '';
  channel.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const ended = new Promise((resolve) => channel.on('close', resolve));
  channel.end('pwd; env | sort | cut -d= -f1');
  await ended;
  const [folder, ...variables] = output.trim().split('\n');
  expect(device.directory).toBe(join(folder ?? '', 'etc', 'voke'));
  expect(variables.filter((name) => !['HOME', 'LC_ALL', 'PATH', 'PWD', 'OLDPWD', '_', 'SHLVL'].includes(name))).toEqual(
    [],
  );
});

it.each(['id', 'sh -c id', 'sh -s x', 'sh', '/bin/sh -s', ''])('refuses the command %j', async (command) => {
  await expect(exec(await logIn(), command)).rejects.toThrow();
});

it('refuses a terminal, SFTP and forwarding', async () => {
  const client = await logIn();
  const refused = (ask: (done: (error: Error | undefined) => void) => void) =>
    new Promise((resolve) => ask((error) => resolve(error !== undefined)));
  expect(await refused((done) => client.shell(done))).toBe(true);
  expect(await refused((done) => client.sftp(done))).toBe(true);
  expect(await refused((done) => client.forwardOut('127.0.0.1', 1, '127.0.0.1', device.port, done))).toBe(true);
});

it.each([{ password: 'wrong' }, { username: 'root' }, { password: '' }])('refuses the login %j', async (change) => {
  await expect(logIn(change)).rejects.toThrow(/authentication/);
});

it('hangs up after three wrong passwords on one connection', async () => {
  const client = new Client();
  clients.push(client);
  let tries = 0;
  const ended = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('error', () => {});
  client.connect({
    host: device.host,
    port: device.port,
    username: device.username,
    hostVerifier: () => true,
    authHandler: (_left, _partial, next) => {
      tries += 1;
      next({ type: 'password', username: device.username, password: `guess ${tries}` });
    },
  });
  await ended;
  expect(tries).toBeLessThanOrEqual(4);
  expect(tries).toBeGreaterThanOrEqual(3);
});

it('ends what it started and removes its folder when it stops', async () => {
  const channel = await exec(await logIn(), 'sh -s');
  const root = join(device.directory, '..', '..');
  const processId = new Promise<string>((resolve) =>
    channel.on('data', (chunk: Buffer) => resolve(String(chunk).trim())),
  );
  channel.write('sleep 300 & echo $!; wait\n');
  const sleeper = await processId;
  expect(await readFile(`/proc/${sleeper}/cmdline`, 'utf8')).toContain('sleep');
  await device.stop();
  expect(existsSync(root)).toBe(false);
  expect(await isGone(sleeper)).toBe(true);
  device = await PracticeDevice.start();
});

/** Asks a shell, which knows the process table of every POSIX system; a zombie answers to kill -0 until it is reaped. */
async function isGone(processId: string): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const code = await new Promise((resolve) =>
      spawn('sh', ['-c', `ps -o stat= -p ${processId} | grep -qv '^Z'`], { stdio: 'ignore' }).on('close', resolve),
    );
    if (code !== 0) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
