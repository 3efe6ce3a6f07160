// A whole push to a broker in a container, with the real parts: what holds for the other targets holds here.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { lintBrokerFiles } from '../../electron/broker/lint.ts';
import { probeConnect } from '../../electron/broker/probe.ts';
import { DockerTarget } from '../../electron/broker/targets/docker/target.ts';
import { dockerTargetSchema } from '../../shared/model/broker.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { type BuiltPlugin, buildJwtPlugin } from '../support/jwt-plugin.ts';
import { BrokerScene, plantIds } from '../support/mosquitto.ts';
import { describeWith } from '../support/requirements.ts';

const image = 'eclipse-mosquitto:2';
const withPlugin = 'mosquitto-with-jwt:2';

describeWith(
  ...dockerPrograms,
  'gcc',
  'openssl',
)('a push to a container', () => {
  let engine: DockerEngine;
  let plugin: BuiltPlugin;
  let scene: BrokerScene;
  beforeAll(async () => {
    [engine, plugin] = await Promise.all([startDockerEngine(), buildJwtPlugin()]);
    await engine.importMosquitto(image);
    await engine.importMosquitto(withPlugin, { jwtPlugin: plugin.path });
  });
  beforeEach(async () => {
    scene = await BrokerScene.create();
  });
  afterEach(async () => {
    await engine.clear();
    await scene.remove();
  });
  afterAll(async () => {
    await engine.stop();
    await plugin.remove();
  });

  const target = (imageName = image) =>
    new DockerTarget({
      settings: dockerTargetSchema.parse({
        kind: 'docker',
        engine: { kind: 'socket', path: engine.socketPath },
        create: { image: imageName, network: 'host' },
      }),
      ports: scene.ports,
    });

  const outcome = async (client: {
    listener: Parameters<typeof probeConnect>[0];
    identity: Parameters<typeof probeConnect>[1];
  }) => (await probeConnect(client.listener, client.identity)).outcome;

  it('makes the container, brings all three listeners up, and owns every file as its broker', async () => {
    const broker = target(withPlugin);
    expect(await broker.describe()).toMatchObject({
      state: 'stopped',
      configDirectory: '/mosquitto/config',
      jwtPlugin: '/mosquitto/plugins/mosquitto_jwt_auth.so',
    });
    expect(await broker.current()).toBeUndefined();
    await scene.push(broker);
    expect((await broker.describe()).state).toBe('running');
    expect(await outcome(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
    expect(await outcome(scene.passwordClient(plantIds.password))).toBe('accepted');
    expect(await outcome(scene.passwordClient(plantIds.password, 'wrong'))).toBe('refused');
    expect(await outcome(scene.tokenClient(plantIds.token))).toBe('accepted');

    const exec = await engine.docker
      .getContainer('cpi-mosquitto')
      .exec({ Cmd: ['sh', '-c', 'ls -ln /mosquitto/config'], AttachStdout: true });
    const listing = await exec.start({});
    let text = '';
    for await (const chunk of listing) text += chunk.toString();
    const lines = text.split('\n').filter((line) => line.includes('-rw'));
    expect(lines.length).toBeGreaterThan(8);
    expect(lines.every((line) => /-rw------- +1 1883 +1883 /.test(line))).toBe(true);
  });

  it('leaves the token listener out where the image has no plugin that it can load', async () => {
    const broker = target();
    expect((await broker.describe()).jwtPlugin).toBeNull();
    await scene.push(broker);
    expect((await broker.current())?.some(({ name }) => name === 'acl-tokens')).toBe(false);
  });

  it('rereads a changed password without a restart, and goes back when told to', async () => {
    const broker = target();
    await scene.push(broker);
    const { StartedAt } = (await engine.docker.getContainer('cpi-mosquitto').inspect()).State;
    const changed = scene.passwordUsers({ ...scene.passwords, [plantIds.password]: 'another-password' });
    expect((await scene.push(broker, { passwordUsers: changed })).needs).toBe('reload');
    expect((await engine.docker.getContainer('cpi-mosquitto').inspect()).State.StartedAt).toBe(StartedAt);
    expect(await outcome(scene.passwordClient(plantIds.password))).toBe('refused');
    expect(await outcome(scene.passwordClient(plantIds.password, 'another-password'))).toBe('accepted');
    expect(await broker.generations()).toHaveLength(1);

    const files = await scene.files(broker);
    await lintBrokerFiles(files, { ...(await broker.describe()), now: new Date() });
    const push = await broker.open({ pushId: 'undone', startedBy: 'a test', startedAt: new Date().toISOString() });
    await push.stage(files);
    await push.swap();
    await push.takeEffect('reload');
    expect(await outcome(scene.passwordClient(plantIds.password))).toBe('accepted');
    await push.undo();
    expect(await outcome(scene.passwordClient(plantIds.password, 'another-password'))).toBe('accepted');
    expect(await broker.unfinished()).toBeUndefined();
  });

  it('refuses a second console by the mark that lies with the broker', async () => {
    const broker = target();
    await scene.push(broker);
    const mark = { pushId: 'first', startedBy: 'Anna on laptop-7', startedAt: new Date().toISOString() };
    const push = await broker.open(mark);
    await expect(target().open({ ...mark, pushId: 'second', startedBy: 'Ben' })).rejects.toMatchObject({
      code: 'broker/push-in-progress',
      message: expect.stringContaining('Anna on laptop-7'),
    });
    expect(await target().unfinished()).toMatchObject({ pushId: 'first', step: 'opened' });
    await push.undo();
  });

  it('has nothing to say of a container that is not there and may not be made', async () => {
    const absent = new DockerTarget({
      settings: dockerTargetSchema.parse({ kind: 'docker', engine: { kind: 'socket', path: engine.socketPath } }),
      ports: scene.ports,
    });
    const missing = { code: 'broker/container-missing' };
    await expect(absent.describe()).rejects.toMatchObject(missing);
    const mark = { pushId: 'p', startedBy: 'a test', startedAt: new Date().toISOString() };
    await expect(absent.open(mark)).rejects.toMatchObject(missing);
    expect(await absent.log()).toEqual([]);
    await absent.stop();
  });
});
