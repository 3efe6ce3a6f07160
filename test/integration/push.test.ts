// A push through the contract: what the register says is what the broker lets in. One table for all targets.

import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import { pushSteps } from '../../electron/operations/push.ts';
import { freePorts } from '../../electron/platform/free-port.ts';
import { type BrokerTarget, dockerTargetSchema } from '../../shared/model/broker.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { endOf } from '../support/jobs.ts';
import { describeWith } from '../support/requirements.ts';

let console: TestConsole;
afterEach(() => console.dispose());

async function addBroker(target: BrokerTarget) {
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  return console.client.brokers.create({
    name: `A ${target.kind} broker`,
    target,
    host: 'localhost',
    subjectAltNames: ['127.0.0.1'],
    ports: { mtls, password, token },
  });
}

const push = async (brokerId: string) => endOf(console, await console.client.brokers.push({ brokerId }));

/** Whether the broker lets in who holds this package. */
async function connects({ connection, auth, tls }: ProvisioningPackage): Promise<string> {
  const listener = { host: '127.0.0.1', port: connection.port, authorityPem: tls.caCertPem, serverName: 'localhost' };
  const { clientId } = connection;
  const identity =
    'deviceCertPem' in auth
      ? { clientId, certificatePem: auth.deviceCertPem, keyPem: 'deviceKeyPem' in auth ? auth.deviceKeyPem : '' }
      : { clientId, username: auth.username, password: 'password' in auth ? auth.password : auth.token };
  return (await probeConnect(listener, identity)).outcome;
}

/** What holds for every target; `target` is asked in each test anew. */
function holdsFor(target: () => BrokerTarget, { hasTokenListener = false } = {}) {
  it('starts it, names every file it brings, and tells when the register has moved on', async () => {
    console = await startCommissioned();
    const { client } = console;
    const { brokerId, state } = await addBroker(target());
    const leftOutOnCard = async () =>
      (await client.brokers.list())
        .flatMap(({ notices }) => notices)
        .filter((notice) => notice.startsWith('The token listener'));
    expect(state).toBe('stopped');
    const plan = await client.brokers.plan({ brokerId });
    expect(plan.needs).toBe('restart');
    expect(plan.files.map(({ file, change }) => `${file} ${change}`)).toContain('mosquitto.conf new');
    const leftOut = plan.notices.filter((notice) => notice.startsWith('The token listener'));
    expect(leftOut).toHaveLength(hasTokenListener ? 0 : 1);
    expect(await leftOutOnCard()).toEqual([]);

    const job = await push(brokerId);
    expect(job.error).toBeNull();
    expect(job.steps.map(({ state: stepState }) => stepState)).toEqual(Array(pushSteps).fill('done'));
    expect(await client.brokers.look({ brokerId })).toMatchObject({ state: 'running', pushPending: false });
    expect((await client.brokers.plan({ brokerId })).needs).toBe('nothing');
    expect(await leftOutOnCard()).toEqual(leftOut);

    const { plantId } = await client.plants.create({ name: 'New', authMethod: 'PASSWORD' });
    await client.plants.provision({ plantId });
    expect(await client.brokers.list()).toMatchObject([{ pushPending: true }]);
    expect((await client.brokers.plan({ brokerId })).needs).toBe('reload');
    await client.brokers.stop({ brokerId });
    expect(await client.brokers.look({ brokerId })).toMatchObject({ state: 'stopped' });
  });

  it('lets a rotated password in only once it was handed over, and then no longer the old one', async () => {
    console = await startCommissioned();
    const { client } = console;
    const { brokerId } = await addBroker(target());
    const { plantId } = await client.plants.create({ name: 'Password plant', authMethod: 'PASSWORD' });
    const first = await client.plants.provision({ plantId });
    await push(brokerId);
    expect(await connects(first)).toBe('accepted');
    await client.plants.activate({ plantId });

    const second = await client.plants.rotate({ plantId });
    await push(brokerId);
    expect(await connects(first)).toBe('accepted');
    expect(await connects(second)).toBe('refused');

    await client.plants.download({ plantId });
    await push(brokerId);
    expect(await connects(first)).toBe('refused');
    expect(await connects(second)).toBe('accepted');
  });

  it('shuts a revoked certificate out, and nobody else', async () => {
    console = await startCommissioned();
    const { client } = console;
    const { brokerId } = await addBroker(target());
    const provision = async (name: string) => {
      const { plantId } = await client.plants.create({ name, authMethod: 'MTLS' });
      return client.plants.provision({ plantId, brokerId });
    };
    const [kept, revoked] = [await provision('Kept'), await provision('Revoked')];
    await push(brokerId);
    expect([await connects(kept), await connects(revoked)]).toEqual(['accepted', 'accepted']);
    await client.plants.revoke({ plantId: revoked.plantId, reason: 'keyCompromise' });
    expect((await push(brokerId)).error).toBeNull();
    expect([await connects(kept), await connects(revoked)]).toEqual(['accepted', 'refused']);
  });

  it('can be reached by an address alone', async () => {
    console = await startCommissioned();
    const [mtls = 0, password = 0, token = 0] = await freePorts(3);
    const { brokerId } = await console.client.brokers.create({
      name: 'By address',
      target: target(),
      host: '192.0.2.10',
      ports: { mtls, password, token },
    });
    expect((await push(brokerId)).error).toBeNull();
  });

  it('says which port is busy, and leaves no broker behind', async () => {
    console = await startCommissioned();
    const broker = await addBroker(target());
    const port = Object.values(broker.ports).at(1);
    const squatter = createServer().listen(port, '127.0.0.1');
    try {
      const job = await push(broker.brokerId);
      expect(job.error).toMatchObject({ code: 'broker/port-busy' });
      expect(job.error?.detail).toContain(String(port));
      expect(await console.client.brokers.list()).toMatchObject([{ lastPushedAt: null }]);
    } finally {
      squatter.close();
    }
  });

  it('refuses a second push while one runs', async () => {
    console = await startCommissioned();
    const { brokerId } = await addBroker(target());
    const first = await console.client.brokers.push({ brokerId });
    await expect(console.client.brokers.push({ brokerId })).rejects.toMatchObject({ code: 'broker/push-in-progress' });
    expect((await endOf(console, first)).state).toBe('succeeded');
  });
}

describe('a push to a practice broker', () => holdsFor(() => ({ kind: 'practice' }), { hasTokenListener: true }));

describe('a push to a local Mosquitto', () => holdsFor(() => ({ kind: 'process' })));

describeWith(...dockerPrograms)('a push to a container', () => {
  let engine: DockerEngine;
  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto('eclipse-mosquitto:2');
  });
  afterEach(() => engine.clear());
  afterAll(() => engine.stop());

  const target = (): BrokerTarget =>
    dockerTargetSchema.parse({
      kind: 'docker',
      engine: { kind: 'socket', path: engine.socketPath },
      create: { network: 'host' },
    });
  holdsFor(target);

  it('keeps the set before, and finds nothing to do a second time', async () => {
    console = await startCommissioned();
    const { brokerId } = await addBroker(target());
    expect((await push(brokerId)).error).toBeNull();
    const plan = await console.client.brokers.plan({ brokerId });
    expect(plan).toMatchObject({ needs: 'nothing', drift: [] });
    expect(await console.client.brokers.generations({ brokerId })).toEqual([]);
    const { plantId } = await console.client.plants.create({ name: 'Late', authMethod: 'PASSWORD' });
    await console.client.plants.provision({ plantId });
    expect((await push(brokerId)).error).toBeNull();
    expect(await console.client.brokers.generations({ brokerId })).toHaveLength(1);
  });
});

describe('a token that was withdrawn', () => {
  it.each([
    [
      'its plant is provisioned again',
      (client: TestConsole['client'], plantId: PlantId) => client.plants.provision({ plantId }),
    ],
    [
      'its plant gets another auth method',
      (client, plantId) => client.plants.update({ plantId, authMethod: 'PASSWORD' }),
    ],
    ['its plant is deleted', (client, plantId) => client.plants.delete({ plantId })],
  ] as [string, (client: TestConsole['client'], plantId: PlantId) => Promise<unknown>][])(
    'stays muted when %s',
    async (_what, change) => {
      console = await startCommissioned();
      const { client } = console;
      const { brokerId } = await addBroker({ kind: 'practice' });
      const { plantId } = await client.plants.create({ name: 'Token plant', authMethod: 'TOKEN' });
      const { auth, connection, tls } = await client.plants.provision({ plantId });
      if (!('token' in auth)) throw new Error('no token');
      await push(brokerId);
      const speak = async () => {
        const mqtt = await connectAsync({
          protocol: 'mqtts',
          host: 'localhost',
          port: connection.port,
          ca: tls.caCertPem,
          clientId: connection.clientId,
          username: auth.username,
          password: auth.token,
          protocolVersion: 4,
          reconnectPeriod: 0,
        });
        await mqtt.publishAsync(`cpi/${plantId}/telemetry`, '{}', { qos: 1 });
        await mqtt.endAsync();
      };
      const heard = async () => {
        await setTimeout(300);
        return (await client.monitor.message({ brokerId, topic: `cpi/${plantId}/telemetry` }))?.messageCount ?? 0;
      };
      await client.monitor.connect({ brokerId });
      await expect.poll(async () => (await client.monitor.connect({ brokerId })).state).toBe('connected');
      await speak();
      expect(await heard()).toBe(1);
      await client.plants.revoke({ plantId });
      await change(client, plantId);
      expect((await push(brokerId)).error).toBeNull();
      await speak();
      expect(await heard()).toBe(1);
    },
  );
});

it('refuses three listeners on two ports, and a name twice', async () => {
  console = await startCommissioned();
  const { client } = console;
  const input = {
    name: 'B',
    target: { kind: 'practice' },
    host: 'localhost',
    ports: { mtls: 1, password: 2, token: 2 },
  };
  await expect(client.brokers.create(input as never)).rejects.toMatchObject({ code: 'input/invalid' });
  const good = { ...input, ports: { mtls: 1, password: 2, token: 3 } };
  await client.brokers.create(good as never);
  await expect(client.brokers.create(good as never)).rejects.toMatchObject({ code: 'broker/exists' });
});

it('ends the monitor of a broker that is deleted', async () => {
  console = await startCommissioned();
  const { client } = console;
  const { brokerId } = await addBroker({ kind: 'practice' });
  await push(brokerId);
  await client.monitor.connect({ brokerId });
  expect(await client.monitor.message({ brokerId, topic: 'cpi/nobody/status' })).toBeNull();
  await client.brokers.delete({ brokerId });
  await expect(client.monitor.message({ brokerId, topic: 'cpi/nobody/status' })).rejects.toMatchObject({
    code: 'monitor/not-connected',
  });
});
