// The live monitor of a broker behind a jump host: its name means nothing to this machine, so whatever is heard came
// over SSH. It comes back when that connection breaks off, and logs in once with what was refused.

import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import mqtt from 'mqtt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LiveBrokers } from '../../electron/core/live-brokers.ts';
import { LiveMonitors } from '../../electron/core/live-monitors.ts';
import { LiveSessions } from '../../electron/core/live-sessions.ts';
import { requireBroker } from '../../electron/operations/brokers.ts';
import type { OperationContext } from '../../electron/operations/context.ts';
import { systemClock } from '../../electron/platform/clock.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { LastingStreams } from '../../electron/remote/lasting-streams.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { type BrokerHost, brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { type Link, startLink } from '../support/link.ts';
import { contextOver, openVaultOf } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import { addSshBroker } from '../support/ssh-broker.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

const name = 'broker.plant.invalid';

describeWith('sshd', 'ssh-keygen')('streams that last', () => {
  it('are not logged in for again where the login was refused, until it is another one', async () => {
    const server = await startSshd();
    const link = await startLink(server.port);
    try {
      let login: typeof server.authentication = { kind: 'password', password: 'wr0ng-passw0rd' };
      const streams = new LastingStreams(() => ({
        ...server,
        port: link.port,
        hostKey: { kind: 'pinned', fingerprint: server.fingerprint },
        authentication: login,
      }));
      await expect(streams.open(1)).rejects.toMatchObject({ code: 'remote/authentication-failed' });
      const sent = link.sent();
      await expect(streams.open(1)).rejects.toMatchObject({ code: 'remote/authentication-failed' });
      expect(link.sent()).toBe(sent);
      login = server.authentication;
      (await streams.open(server.port)).destroy();
      streams.close();
    } finally {
      await link.stop();
      await server.stop();
    }
  });

  it('are opened over one connection, also after nobody answered at the port', async () => {
    const server = await startSshd();
    const link = await startLink(server.port);
    const streams = new LastingStreams(() => ({
      ...server,
      port: link.port,
      hostKey: { kind: 'pinned', fingerprint: server.fingerprint },
    }));
    try {
      await expect(streams.open(1)).rejects.toMatchObject({ code: 'remote/unreachable' });
      await streams.open(server.port);
      expect(link.connections()).toBe(1);
      link.cut();
      await expect.poll(() => link.connections()).toBe(0);
      await expect
        .poll(() =>
          streams.open(server.port).then(
            () => 'opened',
            () => 'lost',
          ),
        )
        .toBe('opened');
      expect(link.connections()).toBe(1);
    } finally {
      streams.close();
      await expect.poll(() => link.connections()).toBe(0);
      await link.stop();
      await server.stop();
    }
  });
});

describeWith(...brokerHostPrograms)('the monitor of a broker behind a jump host', () => {
  let host: BrokerHost;
  let jump: SshDevice;
  let link: Link;
  let console: TestConsole;
  let brokerId: string;
  let plant: ProvisioningPackage;

  beforeEach(async () => {
    [host, jump, console] = await Promise.all([startBrokerHost('pidFile'), startSshd(), startCommissioned()]);
    link = await startLink(jump.port);
    brokerId = await addSshBroker(console, host, { name, jump: { ...jump, port: link.port } });
    const { plantId } = await console.client.plants.create({ name: 'Plant', authMethod: 'MTLS' });
    plant = await console.client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
    expect((await endOf(console, await console.client.brokers.push({ brokerId }))).error).toBeNull();
  });
  afterEach(async () => {
    await console.dispose();
    await link.stop();
    await Promise.all([host.stop(), jump.stop()]);
  });

  /** The plant says something, on the network of the broker. */
  async function speak(text: string): Promise<void> {
    const { auth, connection, tls } = plant;
    if (!('deviceCertPem' in auth) || !('deviceKeyPem' in auth)) throw new Error('no certificate');
    const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${connection.port}`, {
      ca: tls.caCertPem,
      cert: auth.deviceCertPem,
      key: auth.deviceKeyPem,
      clientId: connection.clientId,
      servername: name,
    });
    await client.publishAsync(plantTopic(plant.plantId, 'status'), text, { qos: 1 });
    await client.endAsync();
  }
  const connection = () => console.client.monitor.connect({ brokerId });
  const heard = async () => {
    const message = await console.client.monitor
      .message({ brokerId, topic: plantTopic(plant.plantId, 'status') })
      .catch(() => undefined);
    return message && Buffer.from(message.payloadBase64, 'base64').toString();
  };
  const patiently = { timeout: 30_000, interval: 200 };

  it('hears plants over it, and again after that connection was lost', async () => {
    await expect.poll(connection, patiently).toEqual({ state: 'connected', reason: null });
    await speak('first');
    await expect.poll(heard, patiently).toBe('first');
    await expect
      .poll(() => console.client.plants.get({ plantId: plant.plantId }), patiently)
      .toMatchObject({ lastSeenAt: expect.any(String) });

    link.cut();
    const speakAndHear = async () => {
      await speak('second');
      return heard();
    };
    await expect.poll(speakAndHear, patiently).toBe('second');
  });

  it('lets the hosts on the way go when it is stopped', async () => {
    const before = link.connections();
    await expect.poll(connection, patiently).toMatchObject({ state: 'connected' });
    expect(link.connections()).toBeGreaterThan(before);
    await console.client.monitor.disconnect({ brokerId });
    await expect.poll(() => link.connections(), patiently).toBe(before);
  });

  it('says that the login is refused', async () => {
    const wrong = { kind: 'password', password: 'wr0ng-passw0rd' } as const;
    await console.client.brokers.setLogin({ brokerId, secret: { login: wrong, jumpLogin: wrong } });
    await connection();
    const refused = {
      state: 'refused',
      reason: expect.stringContaining('There is no way to the broker over its host'),
    };
    await expect.poll(() => firstFrame(), patiently).toMatchObject({ connection: refused });
  });

  async function firstFrame() {
    const watching = new AbortController();
    const question = { brokerId, viewId: randomUUID(), look: {} };
    try {
      for await (const frame of await console.client.monitor.watch(question, { signal: watching.signal })) {
        return frame;
      }
    } finally {
      watching.abort();
    }
    return undefined;
  }

  it('hears whether a plant has a session over its new credential', async () => {
    const { dataDirectory } = console;
    await console.core.close();
    const { file, vault } = await openVaultOf(dataDirectory);
    const context: OperationContext = contextOver(vault);
    const monitors = new LiveMonitors({ clock: systemClock, logger: silentLogger, context: () => context });
    try {
      const sessions = new LiveSessions(monitors, new LiveBrokers({ dataDirectory, clock: systemClock }));
      const proof = { signingSecret: plant.hmacSecret ?? '', isOnlyCredential: true, isRestarted: false };
      const watched = await sessions.watchFor(context).watch(plant.plantId, proof, brokerId);
      const monitor = monitors.require(requireBroker(context, brokerId).brokerId);
      await expect.poll(() => monitor.connection().state, patiently).toBe('connected');
      const proven = watched.waitFor({ seconds: 30 });
      await speak('here I am');
      expect(await proven).toBe(true);
    } finally {
      await monitors.close();
      file.close();
      await rm(dataDirectory, { recursive: true, force: true });
    }
  });
});
