// A whole push to a broker over SSH, with a real sshd and a real Mosquitto at the other end.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import type { SshTarget } from '../../electron/broker/targets/ssh/target.ts';
import type { BrokerFiles } from '../../shared/model/broker-files.ts';
import { type BrokerHost, brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { BrokerScene, goBack, newMark, plantIds, putInForce } from '../support/mosquitto.ts';
import { MqttSession } from '../support/mqtt-session.ts';
import { describeWith } from '../support/requirements.ts';

const withContent = (files: BrokerFiles | undefined, name: string, content: string): BrokerFiles =>
  (files ?? []).map((file) => (file.name === name ? { ...file, content: Buffer.from(content) } : file));

for (const kind of ['service', 'pidFile'] as const)
  describeWith(...brokerHostPrograms)(`a push over SSH to a broker known by its ${kind}`, () => {
    let host: BrokerHost;
    let scene: BrokerScene;
    let broker: SshTarget;

    beforeEach(async () => {
      [host, scene] = await Promise.all([startBrokerHost(kind), BrokerScene.create()]);
      broker = host.target();
    });
    afterEach(async () => {
      await broker.release();
      await host.stop();
      await scene.remove();
    });

    const outcome = async (client: Awaited<ReturnType<BrokerScene['mtlsClient']>>) =>
      (await probeConnect(client.listener, client.identity)).outcome;
    const letsIn = async (plantId: string) => outcome(await scene.mtlsClient(plantId));

    it('brings the listeners up, with files that only the broker and root read', async () => {
      expect(await broker.describe()).toMatchObject({ state: 'running', configDirectory: host.configDirectory });
      expect((await broker.current())?.map(({ name }) => name)).toEqual(['mosquitto.conf']);
      await scene.push(broker);
      expect(await letsIn(plantIds.mtls)).toBe('accepted');
      expect(await outcome(scene.passwordClient(plantIds.password))).toBe('accepted');
      expect(await outcome(scene.passwordClient(plantIds.password, 'wrong'))).toBe('refused');
      const { uid } = await stat(join(host.configDirectory, 'passwd-devices'));
      expect(uid).toBeGreaterThan(0);
      for (const name of await readdir(host.configDirectory)) {
        if (name === '.voke') continue;
        expect(await stat(join(host.configDirectory, name))).toMatchObject({ uid });
        expect((await stat(join(host.configDirectory, name))).mode & 0o777).toBe(0o600);
      }
      expect(await broker.unfinished()).toBeUndefined();
      expect((await broker.log()).join('\n')).toContain('running');
    });

    it('reloads without a restart, and goes back to an earlier generation', async () => {
      await scene.push(broker);
      const pid = await host.pid();
      const session = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
      const before = await broker.current();
      const plan = await scene.push(broker, { passwordUsers: [] });
      expect(plan.needs).toBe('reload');
      expect(await host.pid()).toBe(pid);
      expect(await session.isAlive()).toBe(true);
      expect(await outcome(scene.passwordClient(plantIds.password))).toBe('refused');
      await session.close();

      await goBack(broker);
      expect(await broker.current()).toEqual(before);
      expect(await outcome(scene.passwordClient(plantIds.password))).toBe('accepted');
    });

    // Mosquitto 2.0 goes on after such a reload, and lets everybody read and write everything.
    it.each([
      ['acl', 'user a\nnonsense\n'],
      ['passwd-devices', 'plc-c1b2c3d4:$7$nonsense\n'],
      ['ca.crl', 'not a revocation list\n'],
    ])('is put back when %s cannot be read at a reload', async (name, content) => {
      await scene.push(broker);
      const before = await broker.current();
      await expect(putInForce(broker, withContent(before, name, content), 'reload')).rejects.toMatchObject({
        code: 'broker/start-failed',
        message: expect.stringContaining('Error'),
      });
      expect(await broker.current()).toEqual(before);
      expect(await letsIn(plantIds.mtls)).toBe('accepted');
      expect((await probeConnect(scene.listener('mtls'), { clientId: 'nobody' })).outcome).toBe('refused');
      const outsider = await MqttSession.open(await scene.mtlsClient(plantIds.otherMtls));
      await outsider.client.subscribeAsync('cpi/#', { qos: 1 });
      const plant = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
      await plant.client.publishAsync(`cpi/${plantIds.mtls}/telemetry`, 'x', { qos: 1 });
      expect(await outsider.isAlive()).toBe(true);
      expect(outsider.received).toEqual([]);
      await Promise.all([plant.close(), outsider.close()]);
    });

    it('is put back when the broker does not start with it, also to what it found', async () => {
      const found = await broker.current();
      const files = await scene.files(broker);
      const broken = withContent(files, 'mosquitto.conf', `listener ${scene.ports.mtls}\nnonsense\n`);
      const failure = await putInForce(broker, broken, 'restart').catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'broker/start-failed' });
      expect(String(failure)).toContain('nonsense');
      expect(await broker.current()).toEqual(found);
      expect(await broker.describe()).toMatchObject({ state: 'running' });
      expect(await host.log()).toMatch(new RegExp(`port ${host.firstPort}`));
      expect(await broker.unfinished()).toBeUndefined();
    });

    it('is put back when the broker dies over it', async () => {
      await scene.push(broker);
      const before = await broker.current();
      const push = await broker.open(newMark());
      await push.stage(await scene.files(broker, { passwordUsers: [] }));
      await push.swap();
      process.kill(await host.pid(), 'SIGKILL');
      await push.undo();
      expect(await broker.current()).toEqual(before);
      expect(await letsIn(plantIds.mtls)).toBe('accepted');
    });

    it('leaves a broker down that was down, and starts one that a push brings up', async () => {
      await broker.stop();
      expect(await broker.describe()).toMatchObject({ state: 'stopped' });
      const push = await broker.open(newMark());
      const files = await scene.files(broker);
      await push.stage(files);
      await push.swap();
      await push.takeEffect('restart');
      expect(await letsIn(plantIds.mtls)).toBe('accepted');
      await push.undo();
      expect(await letsIn(plantIds.mtls)).toBe('unreachable');
      await scene.push(broker);
      expect(await letsIn(plantIds.mtls)).toBe('accepted');
    });

    it('lets one of two consoles push, and the other take over', async () => {
      await scene.push(broker);
      const before = await broker.current();
      const other = host.target();
      const push = await broker.open(newMark('Jana at the laptop'));
      await expect(other.open(newMark())).rejects.toMatchObject({
        code: 'broker/push-in-progress',
        details: { startedBy: 'Jana at the laptop' },
      });
      await push.stage(await scene.files(broker, { passwordUsers: [] }));
      await push.swap();
      await push.takeEffect('reload');
      const mark = await other.unfinished();
      expect(mark).toMatchObject({ startedBy: 'Jana at the laptop', step: 'in-effect' });
      await (await other.adopt(mark?.pushId ?? '')).undo();
      expect(await other.current()).toEqual(before);
      expect(await outcome(scene.passwordClient(plantIds.password))).toBe('accepted');
      await expect(push.keep()).rejects.toMatchObject({ code: 'broker/no-such-push' });
      await push.undo();
      await other.release();
    });

    it('keeps secrets out of argv and of the log', async () => {
      await scene.push(broker);
      expect(await host.log()).not.toMatch(/\$7\$|PRIVATE KEY/);
      const key = await readFile(join(host.configDirectory, 'server.key'), 'utf8');
      expect(JSON.stringify(await broker.log())).not.toContain(key.split('\n')[1]);
    });
  });
