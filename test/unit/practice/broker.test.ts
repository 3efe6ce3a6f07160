import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PracticeBroker } from '../../../electron/practice/broker.ts';
import type { BrokerFiles } from '../../../shared/model/broker-files.ts';
import { plantTopic } from '../../../shared/model/topics.ts';
import { BrokerScene, consoleUsername, plantIds, putInForce } from '../../support/mosquitto.ts';
import { MqttSession } from '../../support/mqtt-session.ts';

let scene: BrokerScene;
let broker: PracticeBroker;
const nobody = { verifyPassword: async () => false, verifyToken: async () => false };

beforeAll(async () => {
  scene = await BrokerScene.create();
});
afterAll(() => scene.remove());
beforeEach(async () => {
  broker = new PracticeBroker(nobody);
  await scene.push(broker);
});
afterEach(() => broker.stop());

const changed = async (name: string, content: string): Promise<BrokerFiles> =>
  ((await broker.current()) ?? []).map((file) =>
    file.name === name ? { ...file, content: Buffer.from(content) } : file,
  );

describe('PracticeBroker', () => {
  it('tells who is connected', async () => {
    const session = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
    expect(await broker.sessions()).toEqual([
      { clientId: plantIds.mtls, username: plantIds.mtls, connectedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    await session.close();
    await expect.poll(() => broker.sessions()).toEqual([]);
    expect((await broker.log()).join('\n')).toMatch(
      new RegExp(`^\\d{10}: New client connected as ${plantIds.mtls}\\.$`, 'm'),
    );
  });

  it.each([
    ['acl', 'nonsense\n', 'acl: line 1'],
    ['acl-devices', 'nonsense\n', 'acl-devices: line 1'],
    ['passwd-devices', 'bob:secret\n', 'passwd-devices: line 1'],
    ['server.crt', 'nonsense', 'the certificates of port'],
    ['ca.crl', 'nonsense', 'the certificates of port'],
  ])('reloads nothing when %s cannot be read', async (name, content, reason) => {
    const before = await broker.current();
    const session = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
    const failure = await putInForce(broker, await changed(name, content), 'reload').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'broker/invalid-files' });
    expect(String(failure)).toContain(reason);
    expect(await broker.current()).toBe(before);
    expect(await session.isAlive()).toBe(true);
    await session.close();
  });

  it('keeps running on the old files when the new ones do not start', async () => {
    const other = await BrokerScene.create();
    const conf = Buffer.from((await broker.current())?.[0]?.content ?? []).toString('utf8');
    const occupied = new PracticeBroker(nobody);
    await other.push(occupied);
    try {
      const moved = await changed('mosquitto.conf', conf.replace(`${scene.ports.token}`, `${other.ports.token}`));
      await expect(putInForce(broker, moved, 'restart')).rejects.toMatchObject({
        code: 'broker/port-busy',
        details: { port: other.ports.token },
      });
      const session = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
      await session.close();
    } finally {
      await occupied.stop();
      await other.remove();
    }
  });

  it('passes the will of a plant on, and not the one it may not speak', async () => {
    const witness = await MqttSession.open(await scene.mtlsClient(consoleUsername));
    await witness.client.subscribeAsync('cpi/#', { qos: 1 });
    for (const [plantId, topic] of [
      [plantIds.otherMtls, plantTopic(plantIds.mtls, 'status')],
      [plantIds.mtls, plantTopic(plantIds.mtls, 'status')],
    ] as const) {
      const session = await MqttSession.open(await scene.mtlsClient(plantId), {
        topic,
        payload: Buffer.from(plantId),
        qos: 1,
        retain: false,
      });
      session.client.stream.destroy();
      await session.ended();
    }
    await expect
      .poll(() => witness.received)
      .toEqual([{ topic: plantTopic(plantIds.mtls, 'status'), payload: plantIds.mtls }]);
    await witness.close();
  });
});
