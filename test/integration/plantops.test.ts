// A broker of the `plantops` profile from its registration on: pushed to every target, probed on both of its listeners,
// watched by the console, and put back when a push leaves it other than meant.

import { rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { probeConnect } from '../../electron/broker/probe.ts';
import { signMessage } from '../../electron/credentials/signatures.ts';
import { requireBroker } from '../../electron/operations/brokers.ts';
import type { OperationContext } from '../../electron/operations/context.ts';
import { provisionPlant } from '../../electron/operations/credential-lifecycle.ts';
import { addPlant } from '../../electron/operations/plants.ts';
import { pushBroker } from '../../electron/operations/push.ts';
import type { StepRunner } from '../../electron/operations/steps.ts';
import { freePorts } from '../../electron/platform/free-port.ts';
import { type BrokerListeners, type BrokerTarget, dockerTargetSchema } from '../../shared/model/broker.ts';
import type { ProbeReport } from '../../shared/model/probe.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { type BrokerPlace, brokerPlaces } from '../support/broker-places.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { type DockerEngine, dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { endOf } from '../support/jobs.ts';
import { MqttSession } from '../support/mqtt-session.ts';
import { clientOf, contextOver, openVaultOf } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import { addSshBroker } from '../support/ssh-broker.ts';
import { type AfterSteps, stepping } from '../support/stepping-target.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

const someListeners = async (): Promise<Extract<BrokerListeners, { profile: 'plantops' }>> => {
  const [mqtt = 0, webSockets = 0] = await freePorts(2);
  return { profile: 'plantops', ports: { mqtt, webSockets } };
};

/** Registers one on this machine; answers its id. */
async function addSite({ client }: TestConsole, target: BrokerTarget = { kind: 'process' }): Promise<string> {
  const listeners = await someListeners();
  return (await client.brokers.create({ name: 'Site', target, host: 'localhost', ...listeners })).brokerId;
}

async function provision({ client }: TestConsole, brokerId: string): Promise<ProvisioningPackage> {
  const { plantId } = await client.plants.create({ name: 'Pump', authMethod: 'PASSWORD' });
  return client.plants.provision({ plantId, brokerId });
}

/** The plant of this package as a client of both listeners. */
function clientsOf(plant: ProvisioningPackage, webSockets: number) {
  const { listener, identity } = clientOf(plant);
  const { host, port } = listener;
  return {
    mqtt: { listener: { protocol: 'mqtt' as const, host, port }, identity },
    webSockets: { listener: { protocol: 'ws' as const, host, port: webSockets }, identity },
  };
}

/** Everything that a plant, a stranger and the operator see; `addBroker` registers a broker of the target in question. */
function holdsFor(addBroker: (console: TestConsole) => Promise<string>) {
  it('lets plants speak on both listeners by their password, and the console hears them', async () => {
    const console = await startCommissioned();
    cleanUp.push(() => console.dispose());
    const { client } = console;
    const brokerId = await addBroker(console);
    const plant = await provision(console, brokerId);
    const { plantId } = plant;
    await client.plants.create({ name: 'By certificate', authMethod: 'MTLS' });
    const [broker] = await client.brokers.list();
    if (broker?.profile !== 'plantops') throw new Error('another profile');
    const plan = await client.brokers.plan({ brokerId });
    expect(plan.notices.join()).toContain('1 plant with a certificate or token is left out');

    const job = await endOf(console, await client.brokers.push({ brokerId }));
    expect(job.error).toBeNull();
    const answers = job.probes.flatMap(({ results }) =>
      results.map(({ listener, name, outcome }) => `${listener}: ${name} ${outcome}`),
    );
    expect(answers).toEqual(
      ['mqtt', 'webSockets'].flatMap((listener) => [
        `${listener}: the console with its password accepted`,
        `${listener}: a right password accepted`,
        `${listener}: a wrong password refused`,
        `${listener}: an unknown user refused`,
        `${listener}: somebody without a password refused`,
        `${listener}: what a plant says, in the console heard`,
      ]),
    );
    expect(await client.brokers.look({ brokerId })).toMatchObject({
      state: 'running',
      pushPending: false,
      certificateExpiresAt: null,
      crlNextUpdate: null,
    });
    expect((await client.brokers.plan({ brokerId })).needs).toBe('nothing');

    await client.monitor.connect({ brokerId });
    await expect.poll(async () => (await client.monitor.connect({ brokerId })).state).toBe('connected');
    const clients = clientsOf(plant, broker.ports.webSockets);
    for (const [name, who] of Object.entries(clients)) {
      const session = await MqttSession.open(who);
      const topic = `cpi/${plantId}/${name === 'mqtt' ? 'telemetry' : 'status'}`;
      await session.client.publishAsync(topic, name, { qos: 1 });
      await expect.poll(() => client.monitor.message({ brokerId, topic })).toMatchObject({ messageCount: 1 });
      expect(await probeConnect(who.listener, { clientId: 'nobody' })).toMatchObject({ outcome: 'refused' });
      expect(await probeConnect(who.listener, { ...who.identity, password: 'wrong' })).toMatchObject({
        outcome: 'refused',
      });
      await session.close();
    }

    const session = await MqttSession.open(clients.webSockets);
    await client.plants.revoke({ plantId });
    expect((await client.brokers.plan({ brokerId })).needs).toBe('reload');
    expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    await session.ended();
    for (const who of Object.values(clients)) {
      expect(await probeConnect(who.listener, who.identity)).toMatchObject({ outcome: 'refused' });
    }
  });
}

describeWith('mosquitto')('a plantops broker on this machine', () => {
  holdsFor(addSite);

  it('lets nobody be taken for another plant: only what a plant signed counts as heard from it', async () => {
    const console = await startCommissioned();
    cleanUp.push(() => console.dispose());
    const { client } = console;
    const brokerId = await addSite(console);
    const [plant, forger] = [await provision(console, brokerId), await provision(console, brokerId)];
    const { plantId } = plant;
    expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    await client.monitor.connect({ brokerId });
    await expect.poll(async () => (await client.monitor.connect({ brokerId })).state).toBe('connected');

    const session = await MqttSession.open(clientOf(forger));
    const topic = `cpi/${plantId}/telemetry`;
    const unsigned = { ts: Date.now(), n: '0123456789abcdef', timestamp: Date.now(), devices: [] };
    const say = (secret: string) => {
      const sig = signMessage('telemetry', plantId, unsigned, secret);
      return session.client.publishAsync(topic, JSON.stringify({ ...unsigned, sig }), { qos: 1 });
    };
    const heard = async () => (await client.plants.get({ plantId })).lastSeenAt !== null;
    await say(forger.hmacSecret);
    await expect.poll(() => client.monitor.message({ brokerId, topic })).toMatchObject({ signature: 'invalid' });
    expect(await heard()).toBe(false);
    await say(plant.hmacSecret);
    await expect.poll(heard).toBe(true);
    await session.close();
  });
});

describeWith(...brokerHostPrograms)('a plantops broker behind SSH', () => {
  holdsFor(async (console) => {
    const host = await startBrokerHost('pidFile');
    cleanUp.push(host.stop);
    return addSshBroker(console, host, { listeners: await someListeners() });
  });
});

describeWith(...dockerPrograms)('a plantops broker in a container', () => {
  let engine: DockerEngine;
  beforeAll(async () => {
    engine = await startDockerEngine();
    await engine.importMosquitto('eclipse-mosquitto:2');
  });
  afterEach(() => engine.clear());
  afterAll(() => engine.stop());
  holdsFor((console) =>
    addSite(
      console,
      dockerTargetSchema.parse({
        kind: 'docker',
        engine: { kind: 'socket', path: engine.socketPath },
        create: { network: 'host' },
      }),
    ),
  );
});

describeWith('mosquitto')('a push to a plantops broker that goes wrong', () => {
  const quietly: StepRunner = (_name, work) => work();
  let context: OperationContext;
  let place: BrokerPlace;
  let brokerId: string;
  let plant: ProvisioningPackage;
  let reports: ProbeReport[];

  /** A broker that was pushed to once; the next push brings another plant. */
  beforeEach(async () => {
    reports = [];
    const console = await startCommissioned();
    brokerId = await addSite(console);
    plant = await provision(console, brokerId);
    await console.core.close();
    const { file, vault } = await openVaultOf(console.dataDirectory);
    context = contextOver(vault);
    place = await brokerPlaces['on this machine'](console.dataDirectory, brokerId);
    cleanUp.push(
      () => rm(console.dataDirectory, { recursive: true, force: true }),
      async () => file.close(),
      () => place.remove(),
    );
    await push();
    const { plantId } = addPlant(context, { name: 'New', site: null, authMethod: 'PASSWORD' });
    await provisionPlant(context, plantId, { brokerId });
  });

  const push = (after: AfterSteps = {}, options: { restart?: boolean } = {}) =>
    pushBroker(context, brokerId, stepping(place.target(), after), quietly, {
      ...options,
      onProbed: (report) => reports.push(report),
    });

  /** What the plant, and a client that shows nothing, are answered on each listener. */
  const answers = async () => {
    const broker = requireBroker(context, brokerId);
    if (broker.profile !== 'plantops') throw new Error('another profile');
    const outcomes: string[] = [];
    for (const { listener, identity } of Object.values(clientsOf(plant, broker.ports.webSockets))) {
      outcomes.push((await probeConnect(listener, identity)).outcome);
      outcomes.push((await probeConnect(listener, { clientId: 'nobody' })).outcome);
    }
    return outcomes.join(' ');
  };
  const asMeant = 'accepted refused accepted refused';

  it.each([
    [
      'lets everybody in',
      'mosquitto.conf',
      true,
      /a wrong password on port \d+ should be refused, was accepted, and 5 more probes/,
    ],
    ['has lost its passwords', 'passwd', false, /with its password on port \d+ should be accepted, was refused/],
  ])('is undone when the broker %s', async (_what, name, restart, reason) => {
    expect(await answers()).toBe(asMeant);
    const broker = requireBroker(context, brokerId);
    const open = `allow_anonymous true\n${Object.values(broker.ports)
      .map((port, index) => `listener ${port}\n${index === 1 ? 'protocol websockets\n' : ''}`)
      .join('')}`;
    let meanwhile = '';
    const failing = push(
      {
        swapped: () => writeFile(place.live(name), name === 'passwd' ? '' : open),
        effective: async () => {
          meanwhile = await answers();
        },
      },
      { restart },
    );
    await expect(failing).rejects.toMatchObject({ code: 'broker/probe-failed' });
    await expect(failing).rejects.toThrow(reason);
    await expect(failing).rejects.toThrow(/the previous configuration is in force and answered all 12 probes rightly/);
    expect(meanwhile).not.toBe(asMeant);
    expect(reports.at(-1)).toMatchObject({ after: 'undo' });
    expect(await answers()).toBe(asMeant);
  });
});

describe('a plantops broker in the register', () => {
  it('has the usual ports unless they are named, and voke is what a broker is without a profile', async () => {
    const console = await startCommissioned();
    cleanUp.push(() => console.dispose());
    const { create } = console.client.brokers;
    const common = { target: { kind: 'process' }, host: 'localhost' } as const;
    expect(await create({ ...common, name: 'Site', profile: 'plantops' })).toMatchObject({
      profile: 'plantops',
      ports: { mqtt: 1883, webSockets: 9001 },
    });
    const ports = { mtls: 1, password: 2, token: 3 };
    expect(await create({ ...common, name: 'Fleet', ports })).toMatchObject({ profile: 'voke', ports });
    await expect(create({ ...common, name: 'C', profile: 'plantops', ports } as never)).rejects.toMatchObject({
      code: 'input/invalid',
    });
    await expect(
      create({ ...common, name: 'D', profile: 'plantops', ports: { mqtt: 1, webSockets: 1 } }),
    ).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(
      create({ ...common, name: 'E', profile: 'plantops', target: { kind: 'practice' } }),
    ).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('takes plants with passwords only', async () => {
    const console = await startCommissioned();
    cleanUp.push(() => console.dispose());
    const { client } = console;
    const brokerId = await addSite(console);
    const { plantId } = await client.plants.create({ name: 'By certificate', authMethod: 'MTLS' });
    await expect(client.plants.provision({ plantId, brokerId })).rejects.toMatchObject({
      code: 'broker/passwords-only',
    });
    await expect(client.plants.provision({ plantId })).rejects.toMatchObject({ code: 'broker/passwords-only' });
    const plant = await provision(console, brokerId);
    expect(plant.connection).toMatchObject({ broker: 'mqtt://localhost', useTls: false });

    const ports = { mtls: 8886, password: 8885, token: 8887 };
    await client.brokers.create({ name: 'Fleet', target: { kind: 'practice' }, host: 'fleet.example', ports });
    expect(await client.plants.provision({ plantId })).toMatchObject({
      connection: { broker: 'mqtts://fleet.example', port: 8886 },
    });
  });
});
