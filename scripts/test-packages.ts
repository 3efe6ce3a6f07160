// What the tests need from Debian, listed in test-packages.txt. Only root on Debian installs it; elsewhere the tests
// that miss something are skipped by name.
// Installing must not leave a broker, an SSH server or a Docker engine running: Debian starts a service when its
// package is installed, unless /usr/sbin/policy-rc.d says no, and systemd would start it at the next boot unless it is
// disabled.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';

const policyFile = '/usr/sbin/policy-rc.d';
const serviceUnits = [
  ...['mosquitto.service', 'ssh.service', 'ssh.socket'],
  ...['docker.service', 'docker.socket', 'containerd.service'],
];
/** apt waits this long for another one to finish. */
const lockTimeout = 'DPkg::Lock::Timeout=120';

/** Installs what is missing. Throws when apt fails. */
export async function installTestPackages(): Promise<void> {
  if (!isDebianRoot()) return;
  const missing = (await wantedPackages()).filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  console.log(`Installing ${missing.join(' ')}`);
  const unitsBefore = new Set(serviceUnits.filter(unitExists));
  await withoutStartingServices(async () => {
    await apt('update', '-qq');
    await apt('install', '-qq', '-y', '--no-install-recommends', ...missing);
  });
  if (existsSync('/run/systemd/system')) {
    const newUnits = serviceUnits.filter((unit) => unitExists(unit) && !unitsBefore.has(unit));
    if (newUnits.length > 0) spawnSync('systemctl', ['disable', '--now', ...newUnits], { stdio: 'inherit' });
  }
}

function isDebianRoot(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
}

async function wantedPackages(): Promise<string[]> {
  const list = await readFile(new URL('test-packages.txt', import.meta.url), 'utf8');
  return list.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

const isInstalled = (name: string): boolean =>
  / installed$/m.test(spawnSync('dpkg', ['-s', name], { encoding: 'utf8' }).stdout.split('\n')[1] ?? '');

const unitExists = (unit: string): boolean =>
  ['/lib/systemd/system', '/etc/systemd/system'].some((directory) => existsSync(`${directory}/${unit}`));

/** A policy that is there already is respected: a container's forbids starting too, another is the operator's own. */
async function withoutStartingServices(work: () => Promise<void>): Promise<void> {
  if (existsSync(policyFile)) return work();
  // Ctrl-C ends apt, which runs in the foreground too; this process then still has to take its policy back.
  const wait = () => {};
  process.on('SIGINT', wait).on('SIGTERM', wait);
  await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(policyFile, { force: true });
    process.off('SIGINT', wait).off('SIGTERM', wait);
  }
}

async function apt(...args: string[]): Promise<void> {
  const child = spawn('apt-get', ['-o', lockTimeout, ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`apt-get ${args[0]} ended with status ${status}`);
}
