// Probes of a broker that only its own host, or the jump host before it, can reach: its name means nothing to this
// machine, so a push that is answered at all was probed over SSH. The certificate must bear that name all the same.

import { once } from 'node:events';
import { connect as openSocket } from 'node:net';
import { PassThrough } from 'node:stream';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ProbeListener, probeConnect } from '../../electron/broker/probe.ts';
import type { TlsTransport } from '../../electron/broker/probe-transport.ts';
import { ForwardedStreams } from '../../electron/remote/forwarded-streams.ts';
import type { JumpHost } from '../../electron/remote/route.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { brokerHostPrograms, startBrokerHost } from '../support/broker-host.ts';
import { startCommissioned } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { OpensslPki } from '../support/openssl-pki.ts';
import { knock } from '../support/push-scene.ts';
import { describeWith } from '../support/requirements.ts';
import { addSshBroker } from '../support/ssh-broker.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

const name = 'broker.plant.invalid';

async function behindAJumpHost(sshd: readonly string[] = []) {
  const [jump, host, console] = await Promise.all([
    startSshd(),
    startBrokerHost('pidFile', { sshd }),
    startCommissioned(),
  ]);
  cleanUp.push(jump.stop, host.stop, () => console.dispose());
  const brokerId = await addSshBroker(console, host, { name, jump });
  const push = async () => endOf(console, await console.client.brokers.push({ brokerId }));
  return { jump, host, console, brokerId, push };
}

describeWith(...brokerHostPrograms)('a broker behind a jump host', () => {
  it.each([
    ["from its host's own address", []],
    ['from the jump host where its host forwards nothing', ['AllowTcpForwarding no']],
  ])('is probed %s', async (_from, sshd) => {
    const { console, brokerId, push, host } = await behindAJumpHost(sshd);
    const { client } = console;
    const { plantId } = await client.plants.create({ name: 'Plant', authMethod: 'MTLS' });
    const plant = await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
    const job = await push();
    expect(job.error).toBeNull();
    const results = job.probes.flatMap(({ results: ofReport }) => ofReport);
    expect(results.length).toBeGreaterThan(10);
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await knock(plant, name)).toBe('accepted');

    // The session of whoever is revoked is ended over the same way.
    await client.plants.revoke({ plantId });
    expect((await push()).error).toBeNull();
    expect(await knock(plant, name)).toBe('refused');
    expect(await host.log()).toMatch(new RegExp(`as ${plantId} .*u'voke-console'`));
  });

  it('ends the connections that its probes went over', async () => {
    const [jump, host] = await Promise.all([startSshd(), startBrokerHost('pidFile')]);
    cleanUp.push(jump.stop, host.stop);
    const login = (device: SshDevice): JumpHost => ({
      ...device,
      hostKey: { kind: 'pinned', fingerprint: device.fingerprint },
    });
    const streams = new ForwardedStreams({ ...login(host.device), jump: login(jump) });
    const stream = await streams.open(host.firstPort);
    const closed = once(stream, 'close');
    stream.resume();
    await streams.close();
    await closed;
    await expect(streams.open(host.firstPort)).rejects.toMatchObject({ code: 'remote/connection-lost' });
  });
});

describeWith('openssl')('a probe over a stream', () => {
  let pki: OpensslPki;
  let listener: ProbeListener & TlsTransport;
  /** Takes TLS connections and ends each after its handshake, as a broker does that refuses a client. */
  let server: Server;
  beforeEach(async () => {
    pki = await OpensslPki.create();
    const { certificatePem, keyPem } = await pki.issueServer();
    server = createServer({ cert: certificatePem, key: keyPem }, (socket) => socket.end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    cleanUp.push(pki.remove.bind(pki), async () => server.close());
    listener = {
      host: name,
      port: 1,
      serverName: 'localhost',
      authorityPem: await pki.certificatePem(),
      openStream: async () => openSocket(address.port, '127.0.0.1'),
    };
  });

  it('counts an end of the connection as a refusal only while the way there stands', async () => {
    expect(await probeConnect(listener, { clientId: 'a' })).toMatchObject({ outcome: 'refused' });
    let isFirst = true;
    const once = async () => {
      if (!isFirst) throw new ConsoleError('remote/connection-lost');
      isFirst = false;
      return (await listener.openStream?.()) ?? new PassThrough();
    };
    expect(await probeConnect({ ...listener, openStream: once }, { clientId: 'a' })).toEqual({
      outcome: 'unreachable',
      reason: 'remote/connection-lost',
    });
  });

  it('believes no broker with another name', async () => {
    expect(await probeConnect({ ...listener, serverName: name }, { clientId: 'a' })).toEqual({
      outcome: 'unreachable',
      reason: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });

  it('says why there is no stream', async () => {
    const openStream = () => Promise.reject(new ConsoleError('remote/forwarding-refused'));
    expect(await probeConnect({ ...listener, openStream }, { clientId: 'a' })).toEqual({
      outcome: 'unreachable',
      reason: 'remote/forwarding-refused',
    });
  });
});
