// Brokers that cannot be pushed to, through the contract: each stops the push by its own code, and changes nothing.
// What stands between a console and a broker behind SSH is in broker-access.test.ts.

import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type BrokerTarget, dockerTargetSchema, type SshTargetSettings } from '../../shared/model/broker.ts';
import type { DeviceLogin } from '../../shared/model/device.ts';
import { type BrokerHost, brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { addHostUser } from '../support/host-user.ts';
import { endOf } from '../support/jobs.ts';
import { run } from '../support/processes.ts';
import { addLocalBroker } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

let console: TestConsole;
const cleanUp: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(async () => {
  await console.dispose();
  for (const work of cleanUp.splice(0).reverse()) await work();
});

const pushError = async (brokerId: string) =>
  (await endOf(console, await console.client.brokers.push({ brokerId }))).error;

/** Every file below, with its content. */
async function everythingIn(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(files.map(async (path) => [path, await readFile(path, 'base64')] as const)),
  );
}

describeWith(...brokerHostPrograms, 'mount')('a push to a broker behind SSH', () => {
  let host: BrokerHost;
  beforeAll(async () => {
    host = await startBrokerHost('service');
  });
  afterAll(() => host.stop());

  const loginOf = ({ authentication }: SshDevice): DeviceLogin => {
    if (authentication.kind === 'agent') throw new Error('no agent in the tests');
    return authentication;
  };
  const add = async (change: Partial<SshTargetSettings> = {}, device = host.device) => {
    const { port, username } = device;
    const brokerId = await addLocalBroker(console, { ...host.settings, port, username, ...change });
    await console.client.brokers.setLogin({ brokerId, secret: { login: loginOf(device) } });
    const { fingerprint } = await console.client.brokers.fetchHostKey({ brokerId, role: 'broker' });
    await console.client.brokers.confirmHostKey({ brokerId, role: 'broker', fingerprint });
    return brokerId;
  };
  const hostFile = (...names: string[]) => join(host.configDirectory, '..', ...names);

  const expectRefused = async (brokerId: string, code: string, because = '') => {
    const before = [await everythingIn(host.configDirectory), await host.pid()];
    const error = await pushError(brokerId);
    expect(error?.code).toBe(code);
    expect(error?.detail).toContain(because);
    expect([await everythingIn(host.configDirectory), await host.pid()]).toEqual(before);
  };

  it('stops where the login has no right to sudo', async () => {
    const user = await addHostUser('none');
    cleanUp.push(user.remove);
    const device = await startSshd({ login: user });
    cleanUp.push(device.stop);
    const brokerId = await add({}, device);
    await expectRefused(brokerId, 'remote/no-sudo');
  });

  it('stops where the directory is mounted read-only', async () => {
    const configDirectory = hostFile('fixed');
    await mkdir(configDirectory);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=755', 'tmpfs', configDirectory]);
    cleanUp.push(() => run('umount', [configDirectory]));
    await writeFile(join(configDirectory, 'mosquitto.conf'), 'allow_anonymous false\n');
    await run('mount', ['-o', 'remount,ro', configDirectory]);
    await expectRefused(await add({ configDirectory }), 'broker/not-writable');
    expect(Object.keys(await everythingIn(configDirectory))).toEqual([join(configDirectory, 'mosquitto.conf')]);
  });

  it.each(['1.6.9', '3.0.0'])('stops at Mosquitto %s', async (version) => {
    const program = hostFile('bin', 'mosquitto');
    await writeFile(program, `#!/bin/sh\necho 'mosquitto version ${version}'\nexit 1\n`);
    await chmod(program, 0o755);
    cleanUp.push(() => rm(program));
    await expectRefused(await add(), 'broker/unsupported-version');
  });

  it('stops where it does not say its version', async () => {
    const program = hostFile('bin', 'mosquitto');
    await writeFile(program, '#!/bin/sh\necho "what do you want?"\n');
    await chmod(program, 0o755);
    cleanUp.push(() => rm(program));
    await expectRefused(await add(), 'broker/unsupported-version');
  });

  it.each([
    ['acl', 'user somebody\ntopics read #\n'],
    ['passwd-devices', 'somebody:secret:more\n'],
    ['mosquitto.conf', 'max_connections 10\nno_such_option true\n'],
  ])("stops at somebody else's %s that does not parse, and names it", async (name, content) => {
    const path = join(host.configDirectory, name);
    const found = await readFile(path, 'utf8').catch(() => undefined);
    await writeFile(path, content);
    cleanUp.push(() => (found === undefined ? rm(path) : writeFile(path, found)));
    await expectRefused(await add(), 'broker/foreign-file-invalid', name);
  });
});

describeWith(...dockerPrograms)('a push to a broker in a container', () => {
  let engine: DockerEngine;
  let home: string;
  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto('eclipse-mosquitto:2');
    home = await mkdtemp(join(tmpdir(), 'voke-refusals-'));
  });
  afterEach(() => engine.clear());
  afterAll(async () => {
    await engine.stop();
    await rm(home, { recursive: true, force: true });
  });

  const add = (socketPath = engine.socketPath): Promise<string> => {
    const target: BrokerTarget = dockerTargetSchema.parse({
      kind: 'docker',
      engine: { kind: 'socket', path: socketPath },
    });
    return addLocalBroker(console, target);
  };
  const containers = () => engine.docker.listContainers({ all: true, filters: { name: ['cpi-mosquitto'] } });

  it('stops where no engine runs', async () => {
    expect((await pushError(await add(join(home, 'no.sock'))))?.code).toBe('broker/engine-not-running');
    expect(await containers()).toEqual([]);
  });

  it('stops where there is no such container, and makes none', async () => {
    expect((await pushError(await add()))?.code).toBe('broker/container-missing');
    expect(await containers()).toEqual([]);
  });

  it.each([
    ['read-only', ':/mosquitto/config:ro', 'broker/not-writable'],
    ['elsewhere', ':/mosquitto/elsewhere', 'broker/not-mounted'],
    ['as a single file', '/mosquitto.conf:/mosquitto/config/mosquitto.conf', 'broker/single-file-mount'],
  ])('stops where its configuration is mounted %s', async (_how, mount, code) => {
    await writeFile(join(home, 'mosquitto.conf'), 'listener 0 /mosquitto/data/broker.sock\n');
    await engine.docker.createContainer({
      name: 'cpi-mosquitto',
      Image: 'eclipse-mosquitto:2',
      HostConfig: { NetworkMode: 'host', Binds: [`${home}${mount}`] },
    });
    const found = async () => {
      const { Id, State } = await engine.docker.getContainer('cpi-mosquitto').inspect();
      return { Id, State, files: await everythingIn(home) };
    };
    const before = await found();
    expect((await pushError(await add()))?.code).toBe(code);
    expect(await found()).toEqual(before);
  });
});
