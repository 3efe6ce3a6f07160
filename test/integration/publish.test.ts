// Publishing by hand over a real Mosquitto of the console: the guard before a live plant, what the broker answered, a
// command that a PLC acknowledges, and retained messages that are deleted for good.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signMessage } from '../../electron/credentials/signatures.ts';
import { deviceFilesOf } from '../../electron/device/files.ts';
import { SimulatedPlc } from '../../electron/practice/plc.ts';
import type { MonitorSettings } from '../../shared/model/monitor-settings.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import type { CommandProgress, OutgoingMessage } from '../../shared/model/publish.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { addLocalBroker } from '../support/push-scene.ts';
import { until } from '../support/until.ts';

describe('publishing by hand', () => {
  let console: TestConsole;
  let brokerId: string;
  let plant: ProvisioningPackage;
  let plc: SimulatedPlc;
  let directory: string;

  beforeAll(async () => {
    console = await startCommissioned();
    const { client } = console;
    brokerId = await addLocalBroker(console);
    const { plantId } = await client.plants.create({ name: 'Hall 3', authMethod: 'MTLS' });
    plant = await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
    expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    directory = await mkdtemp(join(tmpdir(), 'voke-publish-'));
    for (const { name, content } of deviceFilesOf(plant)) await writeFile(join(directory, name), content);
    plc = new SimulatedPlc({ directory, sign: signMessage, intervalMs: 60_000, protocolVersion: 5 });
    await connect();
    expect(await plc.start()).toMatchObject({ state: 'connected' });
    await client.plants.activate({ plantId });
  });
  afterAll(async () => {
    await plc?.stop();
    await console?.dispose();
    await rm(directory, { recursive: true, force: true });
  });

  const connect = async (settings: Partial<MonitorSettings> = {}) => {
    const { client } = console;
    await client.monitor.connect({ brokerId, protocolVersion: 5, filters: ['cpi/#'], ...settings });
    await until(async () => (await client.monitor.list())[0]?.connection.state === 'connected');
  };
  const message = (topic: string, payload: string, change: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
    topic,
    payloadBase64: Buffer.from(payload).toString('base64'),
    qos: 1,
    retain: false,
    ...change,
  });
  /** With the confirmation that it needs. */
  const sendAnyway = async (what: OutgoingMessage) => {
    const { publish } = console.client;
    const { confirmation } = await publish.check({ brokerId, message: what });
    return await publish.send({ brokerId, message: what, ...(confirmation !== null && { confirmation }) });
  };
  const deleteUnder = async (filter: string) => {
    const { publish } = console.client;
    const { confirmation } = await publish.listRetained({ brokerId, filter });
    return await endOf(console, await publish.deleteRetained({ brokerId, filter, confirmation: confirmation ?? '' }));
  };
  const stray = 'cpi/0f5c8a9e-4b1d-4c6a-9d2e-7a3b5c8d9e01';

  it('says what the broker answered, and whether the message came back', async () => {
    const { publish } = console.client;
    const at = (topic: string, change: Partial<OutgoingMessage> = {}) =>
      publish.send({ brokerId, message: message(topic, 'hello', change) });
    expect(await at(`${stray}/status`)).toMatchObject({ result: 'accepted', reasonCode: 0, heardBack: true });
    expect(await at(`${stray}/status`, { qos: 2 })).toMatchObject({ result: 'accepted', heardBack: true });
    expect(await at(`${stray}/status`, { qos: 0 })).toMatchObject({
      result: 'sent',
      reasonCode: null,
      heardBack: true,
    });
    expect(await at('elsewhere/entirely')).toMatchObject({ result: 'refused', reasonCode: 0x87, heardBack: null });
    const large = message(`${stray}/status`, 'x'.repeat(9000));
    expect((await publish.check({ brokerId, message: large })).warnings.join()).toMatch(/8192/);
    await expect(publish.send({ brokerId, message: large })).rejects.toMatchObject({ code: 'publish/unanswered' });
    await connect();
    const properties = { contentType: 'text/plain', userProperties: [['by', 'hand'] as [string, string]] };
    await at(`${stray}/info`, { properties });
    expect(await console.client.monitor.message({ brokerId, topic: `${stray}/info` })).toMatchObject({ properties });
  });

  it('does not miss what it does not listen to, and over MQTT 3.1.1 claims nothing that it cannot know', async () => {
    const { publish } = console.client;
    await connect({ filters: [`${stray}/info`] });
    const unheard = message(`${stray}/alarm`, 'hello');
    expect(await publish.send({ brokerId, message: unheard })).toMatchObject({ heardBack: null });
    await connect({ protocolVersion: 4 });
    const denied = message('elsewhere/entirely', 'hello', { properties: { contentType: 'x' } });
    expect((await publish.check({ brokerId, message: denied })).warnings.join()).toMatch(/3\.1\.1/);
    const outcome = await publish.send({ brokerId, message: denied });
    expect(outcome).toMatchObject({ result: 'accepted', reasonCode: null });
    expect(outcome.words).toMatch(/ACL.*properties were left out/);
    await connect();
  });

  it('reaches a live plant only with the confirmation of exactly this, once', async () => {
    const { publish } = console.client;
    const topic = plantTopic(plant.plantId, 'config');
    const configuration = message(topic, '{}');
    const unconfirmed = { code: 'publish/not-confirmed' };
    await expect(publish.send({ brokerId, message: configuration })).rejects.toMatchObject(unconfirmed);
    const { confirmation, consequences, identity } = await publish.check({ brokerId, message: configuration });
    expect(consequences.join(' ')).toMatch(/not retained.*Hall 3: ACTIVE.*configuration/);
    expect(identity).toMatch(/console/);
    if (confirmation === null) throw new Error('nothing to confirm');
    const other = message(topic, '{"other":1}');
    await expect(publish.send({ brokerId, message: other, confirmation })).rejects.toMatchObject(unconfirmed);
    const again = (await publish.check({ brokerId, message: configuration })).confirmation ?? '';
    expect(await publish.send({ brokerId, message: configuration, confirmation: again })).toMatchObject({
      result: 'accepted',
    });
    await expect(publish.send({ brokerId, message: configuration, confirmation: again })).rejects.toMatchObject(
      unconfirmed,
    );
    expect((await publish.check({ brokerId, message: message(`${stray}/status`, '{}') })).confirmation).toBeNull();
  });

  it('does not take its own message for a sign of life of the plant', async () => {
    const { publish, plants } = console.client;
    const { plantId } = await plants.create({ name: 'Not there yet', authMethod: 'MTLS' });
    const status = message(plantTopic(plantId, 'status'), 'here');
    expect(await publish.send({ brokerId, message: status })).toMatchObject({ heardBack: true });
    expect(await plants.get({ plantId })).toMatchObject({ status: 'PENDING', lastSeenAt: null });

    const info = message(plantTopic(plantId, 'info'), 'kept', { retain: true });
    await sendAnyway(info);
    expect((await deleteUnder(info.topic)).error).toBeNull();
    expect(await plants.get({ plantId })).toMatchObject({ status: 'PENDING', lastSeenAt: null });
  });

  it.each(['command', 'commands'] as const)('never retains a %s, but deletes one that is', async (name) => {
    const { publish } = console.client;
    const retained = message(plantTopic(plant.plantId, name), '{}', { retain: true });
    await expect(publish.check({ brokerId, message: retained })).rejects.toMatchObject({
      code: 'publish/retained-command',
    });
    const deletion = { ...retained, payloadBase64: '' };
    expect((await publish.check({ brokerId, message: deletion })).consequences[0]).toMatch(/^Deletes/);
    for (const topic of ['', 'cpi/#', 'a/+/b', 'a\0b'])
      await expect(publish.check({ brokerId, message: { ...retained, topic } })).rejects.toMatchObject({
        code: 'input/invalid',
      });
  });

  it('sends a signed command and follows it to the acknowledgement of the plant, or to its silence', async () => {
    const { publish } = console.client;
    const command = { plantId: plant.plantId, type: 'GET_INFO' as const, parameters: { b: 1, a: [2] } };
    const send = async (timeoutSeconds?: number, onTold = async () => {}): Promise<CommandProgress[]> => {
      const { confirmation } = await publish.checkCommand({ brokerId, command });
      const told: CommandProgress[] = [];
      const question = {
        brokerId,
        command,
        ...(confirmation !== null && { confirmation }),
        ...(timeoutSeconds && { timeoutSeconds }),
      };
      for await (const progress of await publish.command(question)) {
        told.push(progress);
        await onTold();
      }
      return told;
    };
    const [published, acknowledged] = await send();
    expect(published).toMatchObject({ state: 'published', answer: { result: 'accepted' } });
    expect(acknowledged).toMatchObject({
      state: 'acknowledged',
      outcome: 'accepted',
      status: 'OK',
      detail: null,
      signature: 'valid',
    });
    const text = published?.state === 'published' ? published.text : '';
    const { sig, ...unsigned } = JSON.parse(text);
    // It is signed by what the console itself checks, as it does of everybody's commands.
    const topic = plantTopic(plant.plantId, 'command');
    expect(await console.client.monitor.message({ brokerId, topic })).toMatchObject({
      signature: 'valid',
      replay: 'fresh',
    });
    // By Voke's documentation and openssl: deviceId | cmdId | ts | type | p with its keys sorted and no white space.
    const parts = [plant.plantId, unsigned.cmdId, unsigned.ts, 'GET_INFO', '{"a":[2],"b":1}'];
    const openssl = spawnSync('openssl', ['dgst', '-sha256', '-hmac', plant.hmacSecret ?? ''], {
      input: parts.join('|'),
      encoding: 'utf8',
    });
    expect(sig).toBe(/[0-9a-f]{64}/.exec(openssl.stdout)?.[0]);
    expect(Object.keys(unsigned)).toEqual(['cmdId', 'ts', 'type', 'p']);
    await expect(
      (async () => {
        for await (const _ of await publish.command({ brokerId, command })) throw new Error('it was sent');
      })(),
    ).rejects.toMatchObject({ code: 'publish/not-confirmed' });
    await plc.stop();
    expect(await send(1)).toMatchObject([{ state: 'published' }, { state: 'silent', seconds: 1, heardAll: true }]);
    const hangUp = async () => void (await console.client.monitor.disconnect({ brokerId }));
    expect(await send(1, hangUp)).toMatchObject([{ state: 'published' }, { state: 'silent', heardAll: false }]);
    await connect();
  });

  it('lists what is retained under a filter, deletes exactly that, and asks the broker whether it is gone', async () => {
    const { publish } = console.client;
    const kept = [`${stray}/info`, `${stray}/status`, 'cpi/other/info'];
    for (const topic of kept) await sendAnyway(message(topic, 'kept', { retain: true }));
    const filter = `${stray}/#`;
    const { topics, confirmation, isCut, mayBeIncomplete } = await publish.listRetained({ brokerId, filter });
    expect({ topics, isCut, mayBeIncomplete }).toEqual({
      topics: [`${stray}/info`, `${stray}/status`].map((topic) => ({ topic, payloadBytes: 4 })),
      isCut: false,
      mayBeIncomplete: false,
    });
    const wrong = { brokerId, filter: 'cpi/#', confirmation: confirmation ?? '' };
    await expect(publish.deleteRetained(wrong)).rejects.toMatchObject({ code: 'publish/not-confirmed' });
    const second = await publish.listRetained({ brokerId, filter });
    const job = await publish.deleteRetained({ brokerId, filter, confirmation: second.confirmation ?? '' });
    expect(await endOf(console, job)).toMatchObject({ kind: 'retained', state: 'succeeded' });
    expect(await publish.listRetained({ brokerId, filter: 'cpi/#' })).toMatchObject({
      topics: [{ topic: 'cpi/other/info' }],
    });
    expect(await publish.listRetained({ brokerId, filter })).toMatchObject({ topics: [], confirmation: null });
  });

  it('says that it is still there where the ACL does not let the identity write', async () => {
    const { client } = console;
    const { plantId } = await client.plants.create({ name: 'Reader', authMethod: 'MTLS' });
    await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
    const [credential] = await client.plants.credentials({ plantId });
    const filter = plantTopic(plantId, 'config');
    await sendAnyway(message(filter, 'kept', { retain: true }));
    for (const protocolVersion of [5, 4] as const) {
      const identity = { kind: 'credential', credentialId: credential?.credentialId ?? '' } as const;
      await connect({ protocolVersion, filters: [filter], identity });
      // It may not read what the broker says of itself, so nothing marks the end of the list.
      const { mayBeIncomplete, confirmation } = await client.publish.listRetained({ brokerId, filter });
      expect(mayBeIncomplete).toBe(true);
      const job = await client.publish.deleteRetained({ brokerId, filter, confirmation: confirmation ?? '' });
      expect((await endOf(console, job)).error).toMatchObject({ code: 'publish/still-retained' });
    }
    await connect({ identity: { kind: 'console' } });
    expect((await client.publish.listRetained({ brokerId, filter })).topics).toHaveLength(1);
    expect((await deleteUnder(filter)).error).toBeNull();
  });

  it('writes down what went out, without a payload; keeps templates', async () => {
    const { publish, audit } = console.client;
    const content = {
      name: 'Mine',
      topic: 'a/b',
      payload: 'hidden-words',
      encoding: 'text',
      qos: 1,
      retain: true,
    } as const;
    await publish.send({ brokerId, message: message(`${stray}/status`, 'hidden-words') });
    const { templateId } = await publish.saveTemplate(content);
    await publish.renameTemplate({ templateId, name: 'Yours' });
    expect(await publish.templates()).toMatchObject([{ ...content, name: 'Yours', templateId }]);
    await publish.deleteTemplate({ templateId });
    await expect(publish.deleteTemplate({ templateId })).rejects.toMatchObject({
      code: 'publish/template-not-found',
    });
    const { items } = await audit.list({});
    const actions = items.map(({ action }) => action);
    for (const action of ['publish.message', 'publish.command', 'publish.delete-retained', 'publish.template-save']) {
      expect(actions).toContain(action);
    }
    expect(items.find(({ action }) => action === 'publish.message')?.details).toEqual({
      topic: `${stray}/status`,
      bytes: 12,
      qos: 1,
      retain: false,
      answer: 'accepted',
    });
    expect(JSON.stringify(items)).not.toContain('hidden-words');
  });
});
