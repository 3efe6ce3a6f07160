// Who is connected, as brokers behind SSH and in containers tell it: a revoked plant that still holds its session is
// seen, and where the log does not say, the answer is that nobody knows.

import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { DockerTarget } from '../../electron/broker/targets/docker/target.ts';
import { dockerTargetSchema } from '../../shared/model/broker.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import { type BrokerHost, brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { startCommissioned } from '../support/console.ts';
import { dockerPrograms, startDockerEngine } from '../support/docker-engine.ts';
import { endOf } from '../support/jobs.ts';
import { BrokerScene, plantIds, putInForce } from '../support/mosquitto.ts';
import { MqttSession } from '../support/mqtt-session.ts';
import { clientOf } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import { addSshBroker } from '../support/ssh-broker.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

describeWith(...brokerHostPrograms)('a broker behind SSH', () => {
  it('tells whether a plant is connected, also one that was revoked', async () => {
    const [host, console] = await Promise.all([startBrokerHost('pidFile'), startCommissioned()]);
    cleanUp.push(host.stop, () => console.dispose());
    const { client } = console;
    const brokerId = await addSshBroker(console, host);
    const push = async () => expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    const { plantId } = await client.plants.create({ name: 'Plant', authMethod: 'MTLS' });
    const plant = await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
    const connected = async () => (await client.plants.presence({ plantId })).connected;
    // The broker writes its log a little later, and it is read over SSH: longer than a poll waits by itself.
    const becomes = async (answer: string) => expect.poll(connected).toBe(answer);
    await push();
    expect(await connected()).toBe('no');
    const first = await MqttSession.open(clientOf(plant));
    await becomes('yes');
    await first.close();
    await becomes('no');

    const second = await MqttSession.open(clientOf(plant));
    await client.plants.revoke({ plantId });
    expect(await connected()).toBe('yes');
    await push();
    await second.ended();
    await becomes('no');

    await truncate(logOf(host));
    expect(await connected()).toBe('unknown');
  });

  it.each(['service', 'pidFile'] as const)(
    'that is known as a %s says nothing where it writes nothing',
    async (kind) => {
      const [host, scene] = await Promise.all([startBrokerHost(kind), BrokerScene.create()]);
      const broker = host.target();
      cleanUp.push(
        () => scene.remove(),
        host.stop,
        () => broker.release(),
      );
      await scene.push(broker);
      await expectToTell(broker, scene);
      const files = (await broker.current()) ?? [];
      const silent = files.map((file) =>
        file.name === 'mosquitto.conf'
          ? { ...file, content: Buffer.concat([Buffer.from('connection_messages false\n'), file.content]) }
          : file,
      );
      await putInForce(broker, silent, 'restart');
      const session = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
      expect(await broker.sessions()).toBeUndefined();
      await session.close();
      await broker.stop();
      expect(await broker.sessions()).toEqual([]);
    },
  );
});

describeWith(...dockerPrograms, 'openssl')('a broker in a container', () => {
  it('tells who is connected', async () => {
    const [engine, scene] = await Promise.all([startDockerEngine(), BrokerScene.create()]);
    cleanUp.push(
      () => scene.remove(),
      () => engine.stop(),
    );
    await engine.importMosquitto('eclipse-mosquitto:2');
    const broker = new DockerTarget({
      settings: dockerTargetSchema.parse({
        kind: 'docker',
        engine: { kind: 'socket', path: engine.socketPath },
        create: { network: 'host' },
      }),
      ports: scene.ports,
    });
    expect(await broker.sessions()).toEqual([]);
    await scene.push(broker);
    await expectToTell(broker, scene);
  });
});

async function expectToTell(broker: Pick<ManagedBroker, 'sessions'>, scene: BrokerScene) {
  const usernames = async () => (await broker.sessions?.())?.map(({ username }) => username).sort();
  const [mtls, password] = [
    await MqttSession.open(await scene.mtlsClient(plantIds.mtls)),
    await MqttSession.open(scene.passwordClient(plantIds.password)),
  ];
  // A broker writes its log when it gets to it, and a look at it takes a while on a busy machine.
  const told = expect.poll(usernames);
  await told.toEqual([plantIds.mtls, `plc-${plantIds.password.slice(0, 8)}`]);
  await mtls.close();
  await told.toEqual([`plc-${plantIds.password.slice(0, 8)}`]);
  await password.close();
  await told.toEqual([]);
}

const logOf = ({ configDirectory }: BrokerHost) => join(configDirectory, '..', 'log');
