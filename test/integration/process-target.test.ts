// What can go wrong with a local mosquitto, on a real one.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import { ProcessTarget } from '../../electron/broker/targets/process.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { buildJwtPlugin } from '../support/jwt-plugin.ts';
import { BrokerScene, goBack, newMark, plantIds, putInForce } from '../support/mosquitto.ts';
import { MqttSession } from '../support/mqtt-session.ts';

let scene: BrokerScene;
let directory: string;
let broker: ProcessTarget;

beforeEach(async () => {
  scene = await BrokerScene.create();
  directory = await mkdtemp(join(tmpdir(), 'voke-process-'));
  broker = new ProcessTarget({ directory });
});

afterEach(async () => {
  await broker.stop();
  await rm(directory, { recursive: true, force: true });
  await scene.remove();
});

const withContent = (files: BrokerFiles, name: string, content: string): BrokerFiles =>
  files.map((file) => (file.name === name ? { ...file, content: Buffer.from(content) } : file));

const letsIn = async (plantId: string) => {
  const { listener, identity } = await scene.mtlsClient(plantId);
  return (await probeConnect(listener, identity)).outcome;
};

const pidOf = async () => Number(await readFile(join(directory, 'mosquitto.pid'), 'utf8'));

describe('a local mosquitto', () => {
  it('runs without the token listener where the plugin is missing, and keeps its files private', async () => {
    const plan = await scene.push(broker);
    expect(plan.files.map(({ file }) => file)).not.toContain('jwt-public.der');
    expect(await broker.describe()).toMatchObject({ state: 'running', jwtPlugin: null });
    expect(await letsIn(plantIds.mtls)).toBe('accepted');
    const live = join(directory, 'live');
    expect((await stat(live)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(live)) expect((await stat(join(live, name))).mode & 0o777).toBe(0o600);
  });

  // Mosquitto 2.0 goes on after such a reload, and lets everybody read and write everything.
  it.each([
    ['acl', 'user a\nnonsense\n'],
    ['acl-devices', 'topic nonsense a\n'],
    ['ca.crl', 'not a revocation list\n'],
    ['passwd-devices', 'plc-c1b2c3d4:$7$nonsense\n'],
    ['server.crt', 'not a certificate\n'],
  ])('is put back when %s cannot be read at a reload', async (name, content) => {
    await scene.push(broker);
    const before = await broker.current();
    const session = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));

    await expect(putInForce(broker, withContent(before ?? [], name, content), 'reload')).rejects.toMatchObject({
      code: 'broker/start-failed',
    });

    expect(await broker.current()).toEqual(before);
    expect(await broker.describe()).toMatchObject({ state: 'running' });
    expect(await letsIn(plantIds.otherMtls)).toBe('accepted');
    const nobody = await probeConnect(scene.listener('mtls'), { clientId: 'nobody' });
    expect(nobody.outcome).toBe('refused');
    const outsider = await MqttSession.open(await scene.mtlsClient(plantIds.otherMtls));
    await outsider.client.subscribeAsync('cpi/#', { qos: 1 });
    if (session.client.connected)
      await session.client.publishAsync(plantTopic(plantIds.mtls, 'telemetry'), 'x', { qos: 1 });
    expect(await outsider.isAlive()).toBe(true);
    expect(outsider.received).toEqual([]);
    await Promise.all([session.close(), outsider.close()]);
  });

  it('is put back when the new configuration does not start, with its words for it', async () => {
    await scene.push(broker);
    const before = await broker.current();
    const broken = withContent(before ?? [], 'mosquitto.conf', 'listener 0 /nowhere/at/all.sock\nnonsense\n');
    const failure = await putInForce(broker, broken, 'restart').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'broker/start-failed' });
    expect(String(failure)).toContain('nonsense');
    expect(await broker.current()).toEqual(before);
    expect(await letsIn(plantIds.mtls)).toBe('accepted');
  });

  it('leaves nothing behind when the first push fails, or is undone', async () => {
    const files = await scene.files(broker);
    await expect(
      putInForce(broker, withContent(files, 'mosquitto.conf', `listener ${scene.ports.mtls}\nnonsense\n`), 'restart'),
    ).rejects.toMatchObject({
      code: 'broker/start-failed',
    });
    expect(await broker.current()).toBeUndefined();
    expect(await broker.describe()).toMatchObject({ state: 'stopped' });

    const push = await broker.open(newMark());
    await push.stage(files);
    await push.swap();
    await push.takeEffect('restart');
    expect(await letsIn(plantIds.mtls)).toBe('accepted');
    await push.undo();
    await push.undo();
    expect(await broker.current()).toBeUndefined();
    expect(await broker.describe()).toMatchObject({ state: 'stopped' });
    expect(await letsIn(plantIds.mtls)).toBe('unreachable');
  });

  it('keeps the generation to go back to when a push in between fails', async () => {
    await scene.push(broker);
    const first = await broker.current();
    await scene.push(broker, { passwordUsers: [] });
    const second = await broker.current();
    await expect(putInForce(broker, withContent(second ?? [], 'acl', 'nonsense\n'), 'reload')).rejects.toThrow();
    expect(await broker.current()).toEqual(second);
    await goBack(broker);
    expect(await broker.current()).toEqual(first);
  });

  it('is seen to have failed when it ends by itself, and is started by the next push', async () => {
    await scene.push(broker);
    process.kill(await pidOf(), 'SIGKILL');
    await expect.poll(async () => (await broker.describe()).state).toBe('failed');
    expect((await scene.push(broker)).needs).toBe('reload');
    expect(await broker.describe()).toMatchObject({ state: 'running' });
    expect(await letsIn(plantIds.mtls)).toBe('accepted');
  });

  it('takes over from a console that was killed', async () => {
    const orphaned = new ProcessTarget({ directory });
    await scene.push(orphaned);
    const orphan = await pidOf();

    await scene.push(broker);

    expect(await pidOf()).not.toBe(orphan);
    await expect.poll(() => isRunning(orphan)).toBe(false);
    expect(await letsIn(plantIds.mtls)).toBe('accepted');
  });

  it('ends no process that only has the number of its own', async () => {
    const stranger = spawn('sleep', ['60']);
    try {
      await scene.push(broker);
      await broker.stop();
      await writeFile(join(directory, 'mosquitto.pid'), `${stranger.pid}\n`);
      await scene.push(new ProcessTarget({ directory })).finally(async () => process.kill(await pidOf(), 'SIGTERM'));
      expect(stranger.exitCode).toBeNull();
      expect(stranger.signalCode).toBeNull();
    } finally {
      stranger.kill();
      await once(stranger, 'exit');
    }
  });

  it('is missed by name', async () => {
    const missing = new ProcessTarget({ directory, program: join(directory, 'mosquitto') });
    await expect(missing.describe()).rejects.toMatchObject({ code: 'broker/mosquitto-missing' });
  });

  it('keeps secrets out of its log', async () => {
    await scene.push(broker);
    const lines = (await broker.log()).join('\n');
    expect(lines).toContain('running');
    expect(lines).not.toMatch(/\$7\$|PRIVATE KEY/);
  });
});

describe('the token plugin', () => {
  it('starts with a key in SPKI, and then lets nobody in: the lint is right to refuse it', async () => {
    const plugin = await buildJwtPlugin();
    const withPlugin = new ProcessTarget({ directory, jwtPlugin: plugin.path });
    try {
      await expect(scene.files(withPlugin, { tokenPublicKeyDer: scene.tokens.spkiKeyDer })).rejects.toMatchObject({
        code: 'broker/invalid-files',
        details: { faults: ['jwt-public.der: is not an RSA public key in PKCS#1 DER'] },
      });
      const files = await scene.files(withPlugin);
      const spki = files.map((file) =>
        file.name === 'jwt-public.der' ? { ...file, content: scene.tokens.spkiKeyDer } : file,
      );
      await putInForce(withPlugin, spki, 'restart');
      const { listener, identity } = scene.tokenClient(plantIds.token);
      expect(await probeConnect(listener, identity)).toMatchObject({ outcome: 'refused' });
    } finally {
      await withPlugin.stop();
      await plugin.remove();
    }
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
