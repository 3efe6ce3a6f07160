// A broker in a container on a host that is reached over SSH, told by that host's own docker: a private engine.

import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import { SshTarget } from '../../electron/broker/targets/ssh/target.ts';
import { sshTargetSchema } from '../../shared/model/broker.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { type BuiltPlugin, buildJwtPlugin } from '../support/jwt-plugin.ts';
import { BrokerScene, newMark, plantIds, putInForce } from '../support/mosquitto.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

const image = 'eclipse-mosquitto:2';
const withContent = (files: BrokerFiles, name: string, content: string): BrokerFiles =>
  files.map((file) => (file.name === name ? { ...file, content: Buffer.from(content) } : file));

describeWith(
  ...dockerPrograms,
  'docker',
  'sshd',
  'ssh-keygen',
  'gcc',
  'openssl',
)('a push over SSH to a broker in a container there', () => {
  let engine: DockerEngine;
  let plugin: BuiltPlugin;
  let device: SshDevice;
  let scene: BrokerScene;
  let directory: string;
  let broker: SshTarget;
  const targets: SshTarget[] = [];

  beforeAll(async () => {
    [engine, plugin] = await Promise.all([startDockerEngine(), buildJwtPlugin()]);
    await engine.importMosquitto(image, { jwtPlugin: plugin.path });
    device = await startSshd({ lines: [`SetEnv DOCKER_HOST=unix://${engine.socketPath}`] });
  });
  beforeEach(async () => {
    scene = await BrokerScene.create();
    directory = await mkdtemp(join(tmpdir(), 'voke-mounted-'));
    await chmod(directory, 0o755);
    broker = target();
  });
  afterEach(async () => {
    for (const one of targets.splice(0)) await one.release();
    await engine.clear();
    await rm(directory, { recursive: true, force: true });
    await scene.remove();
  });
  afterAll(async () => {
    await device.stop();
    await engine.stop();
    await plugin.remove();
  });

  function target(name = 'cpi-mosquitto'): SshTarget {
    const made = new SshTarget({
      settings: sshTargetSchema.parse({
        kind: 'ssh',
        host: device.host,
        port: device.port,
        username: device.username,
        configDirectory: '/mosquitto/config',
        control: { kind: 'container', name },
      }),
      way: () => ({ ...device, hostKey: { kind: 'pinned', fingerprint: device.fingerprint } }),
    });
    targets.push(made);
    return made;
  }

  async function runContainer(binds: readonly string[]) {
    const container = await engine.docker.createContainer({
      name: 'cpi-mosquitto',
      Image: image,
      HostConfig: { NetworkMode: 'host', Binds: [...binds], RestartPolicy: { Name: 'unless-stopped' } },
    });
    await container.start();
    return container;
  }

  const letsIn = async (client: Awaited<ReturnType<BrokerScene['mtlsClient']>>) =>
    (await probeConnect(client.listener, client.identity)).outcome;

  it('brings all three listeners up, reloads, and reaches the files by the mount', async () => {
    const parent = join(directory, 'config');
    await mkdir(parent);
    await writeFile(join(parent, 'mosquitto.conf'), `listener ${scene.ports.mtls} 127.0.0.1\n`);
    const container = await runContainer([`${directory}:/mosquitto-all`, `${parent}:/mosquitto/config`]);
    await scene.push(broker);
    expect(await broker.describe()).toMatchObject({
      state: 'running',
      configDirectory: '/mosquitto/config',
      jwtPlugin: '/mosquitto/plugins/mosquitto_jwt_auth.so',
    });
    expect(await letsIn(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
    expect(await letsIn(scene.passwordClient(plantIds.password))).toBe('accepted');
    expect(await letsIn(scene.tokenClient(plantIds.token))).toBe('accepted');
    for (const name of await readdir(parent)) {
      if (name !== '.voke') expect(await stat(join(parent, name))).toMatchObject({ uid: 1883, gid: 1883 });
    }
    const { StartedAt } = (await container.inspect()).State;
    expect((await scene.push(broker, { passwordUsers: [] })).needs).toBe('reload');
    expect(await letsIn(scene.passwordClient(plantIds.password))).toBe('refused');
    expect((await container.inspect()).State.StartedAt).toBe(StartedAt);
    expect((await broker.log()).join('\n')).toContain('Reloading config');
  });

  it('is put back although the container does not stay up with the new files', async () => {
    await writeFile(join(directory, 'mosquitto.conf'), `listener ${scene.ports.mtls} 127.0.0.1\n`);
    await runContainer([`${directory}:/mosquitto/config`]);
    await scene.push(broker);
    const before = await broker.current();
    await expect(
      putInForce(broker, withContent(before ?? [], 'mosquitto.conf', 'nonsense\n'), 'restart'),
    ).rejects.toMatchObject({ code: 'broker/start-failed', message: expect.stringContaining('nonsense') });
    expect(await broker.current()).toEqual(before);
    expect(await letsIn(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
  });

  it('works also on a container that is down', async () => {
    const container = await runContainer([`${directory}:/mosquitto/config`]);
    await container.stop();
    expect(await broker.describe()).toMatchObject({
      state: 'stopped',
      version: '2.0.11',
      jwtPlugin: '/mosquitto/plugins/mosquitto_jwt_auth.so',
    });
    await scene.push(broker);
    expect(await letsIn(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
  });

  it('says what is missing: the container, its mount, its engine', async () => {
    await expect(broker.describe()).rejects.toMatchObject({ code: 'broker/container-missing' });
    await runContainer([]);
    await expect(broker.open(newMark())).rejects.toMatchObject({ code: 'broker/not-mounted' });
    await engine.clear();
    const file = join(directory, 'mosquitto.conf');
    await writeFile(file, `listener ${scene.ports.mtls} 127.0.0.1\n`);
    await runContainer([`${file}:/mosquitto/config/mosquitto.conf`]);
    await expect(broker.open(newMark())).rejects.toMatchObject({ code: 'broker/single-file-mount' });

    const withoutEngine = await startSshd({ lines: ['SetEnv DOCKER_HOST=unix:///nowhere.sock'] });
    const away = new SshTarget({
      settings: sshTargetSchema.parse({
        kind: 'ssh',
        host: device.host,
        username: device.username,
        control: { kind: 'container' },
      }),
      way: () => ({ ...withoutEngine, hostKey: { kind: 'pinned', fingerprint: withoutEngine.fingerprint } }),
    });
    targets.push(away);
    await expect(away.describe()).rejects.toMatchObject({ code: 'broker/engine-not-running' });
    await away.release();
    await withoutEngine.stop();
  });
});
