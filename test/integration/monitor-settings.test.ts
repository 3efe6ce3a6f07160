// How a broker is listened to, on a Mosquitto that the console runs: as whom, to what, within which budget; and what is
// kept of what was heard.

import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultMonitorBudget, defaultMonitorSettings } from '../../shared/model/monitor-settings.ts';
import type { AuthMethod } from '../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { type BuiltPlugin, buildJwtPlugin } from '../support/jwt-plugin.ts';
import { addLocalBroker } from '../support/push-scene.ts';

const patiently = { timeout: 20_000, interval: 50 };

describe('how a broker is listened to', () => {
  let plugin: BuiltPlugin;
  let console: TestConsole;
  let brokerId: string;
  let certified: ProvisioningPackage;
  let byPassword: ProvisioningPackage;
  let byToken: ProvisioningPackage;
  let session: MqttClient;

  beforeAll(async () => {
    plugin = await buildJwtPlugin();
    console = await startCommissioned({ jwtPlugin: plugin.path });
    const { client } = console;
    brokerId = await addLocalBroker(console);
    const provision = async (name: string, authMethod: AuthMethod) => {
      const { plantId } = await client.plants.create({ name, authMethod });
      return client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
    };
    certified = await provision('Certificate', 'MTLS');
    byPassword = await provision('Password', 'PASSWORD');
    byToken = await provision('Token', 'TOKEN');
    expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    const { auth, connection, tls } = certified;
    if (!('deviceKeyPem' in auth)) throw new Error('no key');
    session = await connectAsync(`mqtts://localhost:${connection.port}`, {
      host: '127.0.0.1',
      ca: tls.caCertPem,
      cert: auth.deviceCertPem,
      key: auth.deviceKeyPem,
      clientId: connection.clientId,
      protocolVersion: 5,
    });
  });
  afterAll(async () => {
    await session?.endAsync(true);
    await console?.dispose();
    await plugin?.remove();
  });

  const only = async () => {
    const [monitor] = await console.client.monitor.list();
    if (!monitor) throw new Error('there is no monitor');
    return monitor;
  };
  const state = async () => (await only()).connection.state;
  const connect = async (settings: Partial<typeof defaultMonitorSettings> = {}) => {
    await console.client.monitor.connect({ brokerId, ...settings });
    await expect.poll(state, patiently).toBe('connected');
  };

  it('as the console, to all plants; keeps what was said before, its properties and its numbers', async () => {
    const { monitor } = console.client;
    expect(await monitor.settings({ brokerId })).toEqual({ ...defaultMonitorSettings, asPlant: null });
    await connect();
    const topic = plantTopic(certified.plantId, 'telemetry');
    const properties = { contentType: 'application/json', userProperties: { line: '3' } };
    for (let i = 0; i < 5; i++) {
      await session.publishAsync(topic, JSON.stringify({ meter: { kw: i } }), { qos: 1, properties });
    }
    const history = () => monitor.history({ brokerId, topic, limit: 3, payloadBytes: 8 });
    await expect
      .poll(() => monitor.message({ brokerId, topic }), patiently)
      .toMatchObject({
        messageCount: 5,
        properties: { contentType: 'application/json', userProperties: [['line', '3']] },
      });
    const { messages, hasMore } = await history();
    expect(hasMore).toBe(true);
    expect(messages.map(({ payloadBytes, payloadBase64 }) => [payloadBytes, payloadBase64])).toEqual(
      Array.from({ length: 3 }, () => [18, Buffer.from('{"meter"').toString('base64')]),
    );
    const before = messages.at(-1)?.messageId;
    const older = await monitor.history({ brokerId, topic, ...(before !== undefined && { before }) });
    expect(older).toMatchObject({ messages: [{}, {}], hasMore: false });
    const messageId = older.messages[1]?.messageId ?? 0;
    const first = await monitor.pastMessage({ brokerId, topic, messageId });
    expect(Buffer.from(first?.payloadBase64 ?? '', 'base64').toString()).toBe('{"meter":{"kw":0}}');
    expect(first).toMatchObject({ signature: 'absent', properties: { contentType: 'application/json' } });
    const { series } = await monitor.series({ brokerId, topic, paths: ['/meter/kw'] });
    expect(series[0]?.values).toEqual([0, 1, 2, 3, 4]);
    expect(await only()).toMatchObject({
      protocolVersion: 5,
      heard: { messages: 5, topics: 1 },
      history: { kept: 5, evicted: 0 },
      // The console may read $SYS, and Mosquitto says there what it dropped.
      dropped: { byBroker: 0, topics: 0, oversized: 0 },
    });
  });

  it('with settings of its own, which are remembered and begin anew', async () => {
    const { monitor } = console.client;
    const settings = {
      filters: [plantTopic(certified.plantId, 'status'), '$SYS/broker/version'],
      protocolVersion: 4 as const,
      budget: { ...defaultMonitorBudget, topics: 5 },
    };
    await connect(settings);
    expect(await monitor.settings({ brokerId })).toEqual({ ...defaultMonitorSettings, ...settings, asPlant: null });
    expect(await only()).toMatchObject({ protocolVersion: 4, history: { evicted: 0 } });
    await session.publishAsync(plantTopic(certified.plantId, 'telemetry'), 'unheard', { qos: 1 });
    await session.publishAsync(plantTopic(certified.plantId, 'status'), 'heard', { qos: 1 });
    await expect
      .poll(() => monitor.message({ brokerId, topic: plantTopic(certified.plantId, 'status') }), patiently)
      .toMatchObject({ preview: 'heard', properties: null });
    expect(await monitor.message({ brokerId, topic: '$SYS/broker/version' })).toMatchObject({ retained: true });
    expect(await monitor.message({ brokerId, topic: plantTopic(certified.plantId, 'telemetry') })).toBeNull();
    // Told nothing new, it goes on as it is.
    await connect();
    expect((await only()).heard.messages).toBeGreaterThan(0);
  });

  it('also to what the broker says of itself, where that is wanted', async () => {
    const { monitor } = console.client;
    await connect(defaultMonitorSettings);
    const version = () => monitor.message({ brokerId, topic: '$SYS/broker/version' });
    expect(await version()).toBeNull();
    await connect({ includeSys: true });
    await expect.poll(version, patiently).toMatchObject({ retained: true });
    // It counts what was dropped all the same, and once.
    await expect.poll(async () => (await only()).dropped.byBroker, patiently).toBe(0);
  });

  it.each([
    { method: 'certificate', plant: () => certified },
    { method: 'password', plant: () => byPassword },
    { method: 'token', plant: () => byToken },
  ])('as a plant with a $method: it hears what that plant may, and nothing else', async ({ plant }) => {
    const { client } = console;
    const { plantId } = plant();
    // A configuration that the broker keeps is heard by whoever may read it, as soon as it subscribes.
    const topic = plantTopic(plantId, 'config');
    await connect(defaultMonitorSettings);
    const payloadBase64 = Buffer.from('for it alone').toString('base64');
    const question = { brokerId, message: { topic, payloadBase64, qos: 1 as const, retain: true } };
    const { confirmation } = await client.publish.check(question);
    await client.publish.send({ ...question, ...(confirmation !== null && { confirmation }) });
    const [credential] = await client.plants.credentials({ plantId });
    const identity = { kind: 'credential' as const, credentialId: credential?.credentialId ?? '' };
    await connect({ ...defaultMonitorSettings, identity, filters: ['cpi/#'] });
    expect((await client.monitor.settings({ brokerId })).asPlant).toBe(plantId);
    await session.publishAsync(plantTopic(certified.plantId, 'telemetry'), '{}', { qos: 1 });
    await expect
      .poll(() => client.monitor.message({ brokerId, topic }), patiently)
      .toMatchObject({ preview: 'for it alone', retained: true });
    // The plant's own session goes on. No plant may read what plants write, nor what the broker says of itself.
    expect(session.connected).toBe(true);
    expect(await only()).toMatchObject({ heard: { topics: 1 }, dropped: { byBroker: null } });
  });

  it('not as a plant whose secrets are no longer here, and says why; then all is as it was', async () => {
    const { client } = console;
    const before = await client.monitor.settings({ brokerId });
    await client.plants.download({ plantId: byPassword.plantId });
    const [credential] = await client.plants.credentials({ plantId: byPassword.plantId });
    const identity = { kind: 'credential' as const, credentialId: credential?.credentialId ?? '' };
    await expect(client.monitor.connect({ brokerId, identity })).rejects.toMatchObject({
      code: 'credential/handed-over',
    });
    expect(await client.monitor.settings({ brokerId })).toEqual(before);
    expect(await state()).toBe('connected');
  });

  it('refuses what no broker takes, and a credential that is not there', async () => {
    const { monitor } = console.client;
    for (const filters of [[], ['a/#/b'], ['$share/group/cpi/#']]) {
      await expect(monitor.connect({ brokerId, filters })).rejects.toMatchObject({ code: 'input/invalid' });
    }
    const identity = { kind: 'credential' as const, credentialId: 'unknown' };
    await expect(monitor.connect({ brokerId, identity })).rejects.toMatchObject({ code: 'credential/not-found' });
    expect((await monitor.settings({ brokerId })).identity).not.toEqual(identity);
  });
});
