// The archive for a broker that nobody can reach: what is in it, and install.sh run for real.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unpackTar } from 'modern-tar';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { packBrokerExport } from '../../electron/broker/export/pack.ts';
import { probeConnect } from '../../electron/broker/probe.ts';
import { renderPlantopsProfile } from '../../electron/broker/profiles/plantops.ts';
import { plantopsPorts } from '../../shared/model/broker.ts';
import type { BrokerDescription, ManagedBroker } from '../../shared/model/broker-files.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { BrokerScene, plantIds } from '../support/mosquitto.ts';
import { run } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const containerName = 'cpi-mosquitto';

let home: string;
let scene: BrokerScene;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'voke-export-'));
  scene = await BrokerScene.create();
});
afterEach(async () => {
  await scene.remove();
  await rm(home, { recursive: true, force: true });
});

/** Packs the scene's files for `configDirectory` and unpacks them into a new folder, whose path it answers. */
async function unpacked(
  configDirectory: string,
  changes: Parameters<BrokerScene['files']>[1] = {},
  account: string | null = configDirectory.startsWith(home) ? 'root' : null,
): Promise<string> {
  const description: BrokerDescription = {
    state: 'stopped',
    version: '2.0.11',
    line: '2.0',
    configDirectory,
    jwtPlugin: null,
    account,
    notices: [],
  };
  const unreachable = { describe: async () => description } as Pick<ManagedBroker, 'describe'> as ManagedBroker;
  const archive = await packBrokerExport({
    brokerName: 'Hall 3: the "north" broker',
    configDirectory,
    ports: [scene.ports.mtls, scene.ports.password],
    image: 'eclipse-mosquitto:2',
    containerName,
    files: await scene.files(unreachable, changes),
    line: '2.0',
    writtenAt: new Date(),
    notices: ['The token listener was left out.'],
  });
  const folder = await mkdtemp(join(home, 'unpacked-'));
  await writeFile(join(folder, 'broker.tar'), archive);
  await run('tar', ['-xpf', join(folder, 'broker.tar'), '-C', folder]);
  return join(folder, 'voke-broker-hall-3-the-north-broker');
}

const install = async (folder: string, ...args: string[]) =>
  promisify(execFile)('sh', [join(folder, 'install.sh'), ...args], { env: { ...process.env, ...environment } });
let environment: Record<string, string> = {};

const lets = async (password: string): Promise<string> => {
  const { listener, identity } = scene.passwordClient(plantIds.password, password);
  return (await probeConnect(listener, identity)).outcome;
};

const withPassword = (password: string) => ({
  passwordUsers: scene.passwordUsers({ ...scene.passwords, [plantIds.password]: password }),
});

describeWith('openssl', 'tar')('the archive', () => {
  it('holds the files and all that installs them, open to nobody else', async () => {
    const folder = await unpacked('/etc/mosquitto/voke');
    const names = (await readdir(folder, { recursive: true })).sort();
    expect(names).toEqual(
      expect.arrayContaining([
        ...['README.txt', 'compose.yaml', 'install.sh', 'mosquitto/mosquitto.conf', 'mosquitto/passwd-devices'],
        ...['mosquitto/server.key', 'systemd/voke-console.conf'],
      ]),
    );
    for (const name of names) {
      const found = await stat(join(folder, name));
      expect(found.mode & 0o077, name).toBe(0);
    }
    const readme = await readFile(join(folder, 'README.txt'), 'utf8');
    expect(readme).toContain('The token listener was left out.');
    const texts = await Promise.all(
      ['README.txt', 'install.sh', 'compose.yaml'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    const secrets = (await readFile(join(folder, 'mosquitto/passwd-devices'), 'utf8')).match(/\$7\$\S+/g) ?? [];
    expect(secrets).toHaveLength(2);
    expect(texts.some((text) => text.includes('PRIVATE KEY') || secrets.some((secret) => text.includes(secret)))).toBe(
      false,
    );
  });

  it('is one that any program can read', async () => {
    const folder = await unpacked('/etc/mosquitto/voke');
    const entries = await unpackTar(await readFile(join(folder, '..', 'broker.tar')));
    expect(entries.every(({ header }) => header.name.startsWith('voke-broker-hall-3-the-north-broker/'))).toBe(true);
  });
});

describeWith('docker-compose', 'openssl')('its compose file', () => {
  it('is valid, mounts the directory whole and restarts always', async () => {
    const folder = await unpacked('/mosquitto/config');
    const config = await run('docker-compose', ['-f', join(folder, 'compose.yaml'), 'config']);
    expect(config).toContain(`${join(folder, 'mosquitto')}:/mosquitto/config:rw`);
    expect(config).toContain('restart: always');
    expect(config).toContain(String(scene.ports.password));
  });
});

describeWith('docker-compose')('the archive of the plantops profile', () => {
  it('passes the check of its task document', async () => {
    const configDirectory = '/mosquitto/config';
    const { files, notices } = renderPlantopsProfile({
      line: '2.0',
      configDirectory,
      account: null,
      passwordUsers: [],
    });
    const archive = await packBrokerExport({
      brokerName: 'plantops',
      configDirectory,
      ports: Object.values(plantopsPorts),
      image: 'eclipse-mosquitto:2',
      containerName,
      files,
      line: '2.0',
      writtenAt: new Date(),
      notices,
    });
    await writeFile(join(home, 'broker.tar'), archive);
    await run('tar', ['-xpf', join(home, 'broker.tar'), '-C', home]);
    const folder = join(home, 'voke-broker-plantops');
    const check = 'docker-compose config --quiet && cat mosquitto/mosquitto.conf | grep -q "password_file"';
    await run('sh', ['-c', `cd ${folder} && ${check}`]);
    const config = await run('docker-compose', ['-f', join(folder, 'compose.yaml'), 'config']);
    for (const port of ['1883', '9001']) expect(config).toContain(port);
    expect(await readFile(join(folder, 'mosquitto/passwd'), 'utf8')).toBe('');
  });
});

/** A Mosquitto that the test starts by itself, as some image or init script would. */
describeWith('mosquitto', 'openssl')('install.sh beside a Mosquitto with a pid file', () => {
  const file = (name: string) => join(home, name);
  const live = () => file('etc');
  const liveNames = ['mosquitto.conf', 'passwd-devices', 'acl-devices'];
  const start = () =>
    `${programPath('mosquitto')} -c ${live()}/mosquitto.conf >>${file('log')} 2>&1 & echo $! >${file('pid')}`;
  const args = () => ['--pid-file', file('pid'), '--start', start(), '--directory', live(), '--log', file('log')];
  afterEach(async () => {
    const pid = Number(await readFile(file('pid'), 'utf8').catch(() => '0'));
    try {
      if (pid > 0) process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended already.
    }
  });

  it('starts it on the first run, lets it reread on the next, and keeps what was there', async () => {
    await install(await unpacked(live()), ...args());
    expect(await lets('first-password')).toBe('accepted');
    expect(await lets('wrong')).toBe('refused');
    const pid = await readFile(file('pid'), 'utf8');

    const second = await unpacked(live(), withPassword('next-password'));
    const { stdout } = await install(second, ...args());
    expect(stdout).toContain('(reload)');
    expect(await readFile(file('pid'), 'utf8')).toBe(pid);
    expect([await lets('first-password'), await lets('next-password')]).toEqual(['refused', 'accepted']);
    expect(await readdir(join(live(), '.voke/generations'))).toHaveLength(1);
    expect((await stat(join(live(), 'server.key'))).mode & 0o777).toBe(0o600);
    expect(await readdir(join(live(), '.voke'))).not.toContain('push');

    expect((await install(second, ...args())).stdout).toContain('(nothing)');
  });

  it('changes nothing when a file of the archive was damaged', async () => {
    await install(await unpacked(live()), ...args());
    const damaged = await unpacked(live(), withPassword('next-password'));
    const path = join(damaged, 'mosquitto/acl-devices');
    await writeFile(path, `${await readFile(path, 'utf8')}topic readwrite #\n`);
    await expect(install(damaged, ...args())).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('acl-devices is not what was packed'),
    });
    expect(await lets('first-password')).toBe('accepted');
    expect(await readdir(join(live(), '.voke'))).not.toContain('push');
  });

  it('puts the previous files back when the broker does not take the new ones', async () => {
    await install(await unpacked(live()), ...args());
    const before = await Promise.all(liveNames.map((name) => readFile(join(live(), name), 'utf8')));
    // Another account needs a restart, and a start command that fails once stands for whatever keeps a broker down.
    const next = await unpacked(live(), withPassword('next-password'), null);
    const marker = file('fail-once');
    await writeFile(marker, '');
    const flaky = `if [ -e ${marker} ]; then rm ${marker}; exit 1; fi; ${start()}`;
    await expect(
      install(next, '--pid-file', file('pid'), '--start', flaky, '--directory', live(), '--log', file('log')),
    ).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('the previous ones are put back') });
    expect(await Promise.all(liveNames.map((name) => readFile(join(live(), name), 'utf8')))).toEqual(before);
    await expect.poll(() => lets('first-password')).toBe('accepted');
    expect(await lets('next-password')).toBe('refused');
    expect(await readdir(join(live(), '.voke'))).not.toContain('push');
  });

  it('does not begin beside another push, and undoes its own that was cut off when told to', async () => {
    await install(await unpacked(live()), ...args());
    const next = await unpacked(live(), withPassword('next-password'));
    const child = spawn('sh', [join(next, 'install.sh'), ...args()], { stdio: 'ignore' });
    const isSwapped = async () =>
      (await readdir(join(live(), '.voke/push')).catch((): string[] => [])).includes('swapped');
    await expect.poll(isSwapped, { interval: 5 }).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'close');

    const third = await unpacked(live(), withPassword('third-password'));
    await expect(install(third, ...args())).rejects.toMatchObject({ stderr: expect.stringContaining('--recover') });
    await install(third, ...args(), '--recover');
    expect([await lets('next-password'), await lets('third-password')]).toEqual(['refused', 'accepted']);
  });

  it('says how it is called', async () => {
    const folder = await unpacked(live());
    expect((await install(folder, '--help')).stdout).toContain('--systemd');
    await expect(install(folder)).rejects.toMatchObject({ code: 2 });
    await expect(install(folder, '--unknown')).rejects.toMatchObject({ code: 2 });
  });
});

/** systemd does not run everywhere, so a stand-in of `systemctl` starts and signals the real Mosquitto. */
describeWith('mosquitto', 'openssl')('install.sh beside a Mosquitto that is a service', () => {
  const file = (name: string) => join(home, name);
  beforeEach(async () => {
    await mkdir(file('bin'));
    await writeFile(
      file('bin/systemctl'),
      `#!/bin/sh
pid=$(cat ${file('pid')} 2>/dev/null)
command=$(sed -n 's/^ExecStart=\\(..*\\)/\\1/p' ${file('units')}/mosquitto.service.d/*.conf)
case $1 in
  is-active) kill -0 "$pid" 2>/dev/null ;;
  reload) kill -HUP "$pid" ;;
  stop) kill "$pid" ;;
  restart)
    if kill "$pid" 2>/dev/null; then while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done; fi
    $command >>${file('log')} 2>&1 &
    echo $! >${file('pid')}
    ;;
  daemon-reload) touch ${file('reloaded')} ;;
esac
`,
    );
    await writeFile(file('bin/journalctl'), `#!/bin/sh\ntail -n 30 ${file('log')}\n`);
    for (const name of ['systemctl', 'journalctl']) await chmod(file(`bin/${name}`), 0o755);
    environment = { PATH: `${file('bin')}:${process.env.PATH}`, SYSTEMD_UNITS: file('units') };
  });
  afterEach(async () => {
    await run('sh', [file('bin/systemctl'), 'stop']).catch(() => {});
    environment = {};
  });

  it('names its configuration to the service, starts it, and lets it reread the next', async () => {
    const args = ['--systemd', '--owner', 'root'];
    await install(await unpacked(file('etc')), ...args);
    expect(await readFile(file('units/mosquitto.service.d/voke-console.conf'), 'utf8')).toContain(
      `ExecStart=/usr/sbin/mosquitto -c ${file('etc')}/mosquitto.conf`,
    );
    expect((await stat(file('reloaded'))).isFile()).toBe(true);
    expect(await lets('first-password')).toBe('accepted');
    await install(await unpacked(file('etc'), withPassword('next-password')), ...args);
    expect([await lets('first-password'), await lets('next-password')]).toEqual(['refused', 'accepted']);
  });
});

describeWith(
  ...dockerPrograms,
  'docker',
  'openssl',
)('install.sh beside a container', () => {
  let engine: DockerEngine;
  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto('eclipse-mosquitto:2');
  });
  afterEach(() => engine.clear());
  afterAll(() => engine.stop());

  it('writes the mounted directory and lets the container read it', async () => {
    environment = { DOCKER_HOST: `unix://${engine.socketPath}` };
    const args = ['--docker', '--home', join(home, 'broker')];
    await mkdir(join(home, 'broker/mosquitto'), { recursive: true });
    await engine.docker.createContainer({
      name: containerName,
      Image: 'eclipse-mosquitto:2',
      HostConfig: { NetworkMode: 'host', Binds: [`${home}/broker/mosquitto:/mosquitto/config`] },
    });
    await install(await unpacked('/mosquitto/config'), ...args);
    expect(await lets('first-password')).toBe('accepted');
    expect(await readFile(join(home, 'broker/compose.yaml'), 'utf8')).toContain('restart: always');
    expect(await stat(join(home, 'broker/mosquitto/server.key'))).toMatchObject({ uid: 1883, gid: 1883 });

    const { stdout } = await install(await unpacked('/mosquitto/config', withPassword('next-password')), ...args);
    expect(stdout).toContain('(reload)');
    expect([await lets('first-password'), await lets('next-password')]).toEqual(['refused', 'accepted']);
    environment = {};
  });
});
