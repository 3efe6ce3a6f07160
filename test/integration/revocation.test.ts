// A revocation bites at the next push: the plant's session ends, it cannot come back, and the console knows.

import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../electron/platform/free-port.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';
import { knock, processTarget } from '../support/push-scene.ts';

let console: TestConsole;
afterEach(() => disposeChecked(console));

async function addBroker(kind: 'practice' | 'process') {
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  return console.client.brokers.create({
    name: 'Broker',
    target: { kind },
    host: 'localhost',
    subjectAltNames: ['127.0.0.1'],
    ports: { mtls, password, token },
  });
}

function session({ connection, auth, tls }: ProvisioningPackage): Promise<MqttClient> {
  return connectAsync(`mqtts://localhost:${connection.port}`, {
    host: '127.0.0.1',
    clientId: connection.clientId,
    ca: tls.caCertPem,
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...('deviceCertPem' in auth
      ? { cert: auth.deviceCertPem, key: 'deviceKeyPem' in auth ? auth.deviceKeyPem : '' }
      : { username: auth.username, password: 'password' in auth ? auth.password : auth.token }),
  });
}

describe.each([
  { kind: 'practice', authMethod: 'MTLS' },
  { kind: 'practice', authMethod: 'PASSWORD' },
  { kind: 'practice', authMethod: 'TOKEN' },
  { kind: 'process', authMethod: 'MTLS' },
  { kind: 'process', authMethod: 'PASSWORD' },
] as const)('revoking a $authMethod plant on a $kind broker', ({ kind, authMethod }) => {
  it('ends its session with the next push, and no other', async () => {
    console = await startCommissioned();
    const { client } = console;
    const { brokerId } = await addBroker(kind);
    const provision = async (name: string, method: typeof authMethod | 'MTLS') => {
      const { plantId } = await client.plants.create({ name, authMethod: method });
      return client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
    };
    const [kept, revoked] = [await provision('Kept', 'MTLS'), await provision('Revoked', authMethod)];
    const push = async () => expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
    await push();
    const [keptSession, revokedSession] = [await session(kept), await session(revoked)];
    const { plantId } = revoked;
    const connected = async () => (await client.plants.presence({ plantId })).connected;
    expect(await connected()).toBe('yes');

    const ended = new Promise<void>((resolve) => revokedSession.once('close', () => resolve()));
    const { revokedAt, heardAfterRevocation } = await client.plants.revoke({ plantId });
    expect([revokedAt, heardAfterRevocation]).toEqual([expect.any(String), false]);
    expect([revokedSession.connected, await connected()]).toEqual([true, 'yes']);
    await push();
    await ended;
    expect(keptSession.connected).toBe(true);
    // A token cannot be called back: whoever holds it may connect until it ends, but is muted.
    if (authMethod !== 'TOKEN') expect(await knock(revoked)).toBe('refused');
    await expect.poll(connected).toBe('no');
    await Promise.all([keptSession.endAsync(true), revokedSession.endAsync(true)]);
  });
});

it('ends every session when the operator wants the broker restarted', async () => {
  console = await startCommissioned();
  const { client } = console;
  const { brokerId } = await addBroker('process');
  const { plantId } = await client.plants.create({ name: 'Kept', authMethod: 'MTLS' });
  const kept = await client.plants.provision({ plantId, brokerId, keyAlgorithm: 'EC-P256' });
  await endOf(console, await client.brokers.push({ brokerId }));
  const live = await session(kept);
  const ended = new Promise<void>((resolve) => live.once('close', () => resolve()));
  expect((await endOf(console, await client.brokers.push({ brokerId, restart: true }))).error).toBeNull();
  await ended;
  expect(await knock(kept)).toBe('accepted');
});

it("leaves another console's push alone until the operator takes it over", async () => {
  console = await startCommissioned();
  const { client } = console;
  const { brokerId } = await addBroker('process');
  expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
  const mark = { pushId: 'theirs', startedBy: 'Eva on laptop-7', startedAt: new Date().toISOString() };
  await processTarget(console.dataDirectory, brokerId).open(mark);

  const { plantId } = await client.plants.create({ name: 'New', authMethod: 'MTLS' });
  await client.plants.provision({ plantId });
  await client.plants.revoke({ plantId });
  const refused = await endOf(console, await client.brokers.push({ brokerId }));
  expect(refused.error).toMatchObject({ code: 'broker/push-in-progress', detail: expect.stringContaining('Eva') });
  const looked = await client.brokers.look({ brokerId });
  expect(looked).toMatchObject({
    driftedFiles: [],
    unfinishedPush: { ...mark, step: 'opened', isOwn: false, jobId: null },
  });
  const wrong = await endOf(console, await client.brokers.takeOverPush({ brokerId, pushId: 'nobody' }));
  expect(wrong.error).toMatchObject({ code: 'broker/no-such-push' });
  const taken = await endOf(console, await client.brokers.takeOverPush({ brokerId, pushId: 'theirs' }));
  expect(taken).toMatchObject({ kind: 'recover', state: 'succeeded' });
  expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
  expect(await client.brokers.look({ brokerId })).toMatchObject({ unfinishedPush: null });
});
