// One table of behaviours, two brokers: the practice broker has to answer as Mosquitto does.

import { createPublicKey, pbkdf2Sync, verify } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { probeConnect, probeRead, probeWrite } from '../../electron/broker/probe.ts';
import { ProcessTarget } from '../../electron/broker/targets/process.ts';
import { PracticeBroker } from '../../electron/practice/broker.ts';
import type { ManagedBroker } from '../../shared/model/broker-files.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import { buildJwtPlugin } from '../support/jwt-plugin.ts';
import {
  BrokerScene,
  consoleUsername,
  goBack,
  passwordHash,
  plantIds,
  putInForce,
  TokenIssuer,
} from '../support/mosquitto.ts';
import { MqttSession } from '../support/mqtt-session.ts';

type Part = { readonly broker: ManagedBroker; readonly remove: () => Promise<void> };

async function realMosquitto(): Promise<Part> {
  const plugin = await buildJwtPlugin();
  const directory = await mkdtemp(join(tmpdir(), 'voke-broker-'));
  const broker = new ProcessTarget({ directory: join(directory, 'with space'), jwtPlugin: plugin.path });
  return {
    broker,
    remove: async () => {
      await broker.stop();
      await plugin.remove();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function practiceBroker(): Promise<Part> {
  const broker = new PracticeBroker({
    verifyPassword: async (password, hash) => {
      const [, , iterations = '', salt = '', key = ''] = hash.split('$');
      const derived = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 64, 'sha512');
      return derived.toString('base64') === key;
    },
    verifyToken: async (token, username, trusted) => {
      const [header = '', payload = '', signature = ''] = token.split('.');
      const key = createPublicKey({
        key: Buffer.from('publicKeyDer' in trusted ? trusted.publicKeyDer : []),
        format: 'der',
        type: 'pkcs1',
      });
      const isSigned = verify(
        'RSA-SHA256',
        Buffer.from(`${header}.${payload}`),
        key,
        Buffer.from(signature, 'base64url'),
      );
      const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8') || '{}');
      const { sub, exp } = claims as { sub?: string; exp?: number };
      return isSigned && sub === username && (exp ?? 0) > Date.now() / 1000;
    },
  });
  return { broker, remove: () => broker.stop() };
}

describe.each([
  ['mosquitto', realMosquitto],
  ['the practice broker', practiceBroker],
])('%s with the voke profile', (_name, start) => {
  let scene: BrokerScene;
  let part: Part;
  let broker: ManagedBroker;

  beforeAll(async () => {
    scene = await BrokerScene.create();
    part = await start();
    broker = part.broker;
  });

  afterAll(async () => {
    await part.remove();
    await scene.remove();
  });

  /** Everything as at the first push, whatever the test before left behind. */
  beforeEach(async () => {
    await scene.push(broker);
  });

  const connects = async (client: {
    listener: Parameters<typeof probeConnect>[0];
    identity: Parameters<typeof probeConnect>[1];
  }) => (await probeConnect(client.listener, client.identity)).outcome;

  it('runs', async () => {
    expect(await broker.describe()).toMatchObject({ state: 'running', line: '2.0' });
  });

  describe('lets in', () => {
    it('a certificate of its authority', async () => {
      expect(await connects(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
    });
    it('a username with its password', async () => {
      expect(await connects(scene.passwordClient(plantIds.password))).toBe('accepted');
    });
    it('a token of its key', async () => {
      expect(await connects(scene.tokenClient(plantIds.token))).toBe('accepted');
    });
  });

  describe('keeps out', () => {
    it('a client without a certificate', async () => {
      expect(await connects({ listener: scene.listener('mtls'), identity: { clientId: 'nobody' } })).toBe('refused');
    });
    it('a certificate of another authority', async () => {
      const stranger = await BrokerScene.create();
      try {
        const { identity } = await stranger.mtlsClient(plantIds.mtls);
        expect(await connects({ listener: scene.listener('mtls'), identity })).toBe('refused');
      } finally {
        await stranger.remove();
      }
    });
    it('a wrong password', async () => {
      expect(await connects(scene.passwordClient(plantIds.password, 'second-password'))).toBe('refused');
    });
    it('an unknown username', async () => {
      const identity = { clientId: 'x', username: 'plc-00000000', password: 'first-password' };
      expect(await connects({ listener: scene.listener('password'), identity })).toBe('refused');
    });
    it('a client without a name on the password and token listeners', async () => {
      for (const method of ['password', 'token'] as const)
        expect(await connects({ listener: scene.listener(method), identity: { clientId: 'nobody' } })).toBe('refused');
    });
    it('a certificate on the password listener', async () => {
      const { identity } = await scene.mtlsClient(plantIds.mtls);
      expect(await connects({ listener: scene.listener('password'), identity })).toBe('refused');
    });
    it('a token that has expired', async () => {
      const token = scene.tokens.issue(plantIds.token, { exp: 1_700_000_000, iat: 1_699_999_000 });
      expect(await connects(scene.tokenClient(plantIds.token, token))).toBe('refused');
    });
    it('a token of another plant', async () => {
      expect(await connects(scene.tokenClient(plantIds.token, scene.tokens.issue(plantIds.mtls)))).toBe('refused');
    });
    it('a token of another key', async () => {
      expect(await connects(scene.tokenClient(plantIds.token, new TokenIssuer().issue(plantIds.token)))).toBe(
        'refused',
      );
    });
    it('a token that was changed', async () => {
      const [header, , signature] = scene.tokens.issue(plantIds.token).split('.');
      const payload = Buffer.from(JSON.stringify({ sub: plantIds.token, exp: 9_999_999_999 })).toString('base64url');
      expect(await connects(scene.tokenClient(plantIds.token, `${header}.${payload}.${signature}`))).toBe('refused');
    });
  });

  it('is not taken for refusing when it cannot be reached, or is not the broker it should be', async () => {
    const { identity } = await scene.mtlsClient(plantIds.mtls);
    const listener = scene.listener('mtls');
    const stranger = await BrokerScene.create();
    try {
      const nobody = { ...listener, port: stranger.ports.mtls };
      expect(await connects({ listener: nobody, identity })).toBe('unreachable');
      const wrongAuthority = { ...listener, authorityPem: stranger.authorityPem };
      expect(await connects({ listener: wrongAuthority, identity })).toBe('unreachable');
      const wrongName = { ...listener, serverName: 'elsewhere.example' };
      expect(await connects({ listener: wrongName, identity })).toBe('unreachable');
    } finally {
      await stranger.remove();
    }
  });

  describe('keeps plants apart', () => {
    const topic = plantTopic(plantIds.mtls, 'telemetry');
    const passwordTopic = plantTopic(plantIds.password, 'telemetry');

    it('while the console reads all of them', async () => {
      const witness = await MqttSession.open(await scene.mtlsClient(consoleUsername));
      const owners = [
        { plantId: plantIds.mtls, client: await scene.mtlsClient(plantIds.mtls) },
        { plantId: plantIds.password, client: scene.passwordClient(plantIds.password) },
        { plantId: plantIds.token, client: scene.tokenClient(plantIds.token) },
      ];
      await witness.client.subscribeAsync('cpi/#', { qos: 1 });
      for (const { plantId, client } of owners) {
        const session = await MqttSession.open(client);
        await session.client.publishAsync(plantTopic(plantId, 'status'), plantId, { qos: 1 });
        await session.close();
      }
      await expect
        .poll(() => witness.received.map(({ payload }) => payload))
        .toEqual(owners.map(({ plantId }) => plantId));
      await witness.close();
    });

    it.each(['mtls', 'password', 'token'] as const)('an outsider on the %s listener reads nothing', async (method) => {
      const outsider = {
        mtls: await scene.mtlsClient(plantIds.otherMtls),
        password: scene.passwordClient(plantIds.otherPassword),
        token: scene.tokenClient(plantIds.token),
      }[method];
      const witness = await scene.mtlsClient(consoleUsername);
      const owner = await scene.mtlsClient(plantIds.mtls);
      expect(await probeRead({ owner, outsider, witness, topic })).toBe('silent');
      expect(await probeWrite({ owner, outsider, witness, topic })).toBe('silent');
    });

    it('a plant with a password is as closed as the others', async () => {
      const witness = await scene.mtlsClient(consoleUsername);
      const owner = scene.passwordClient(plantIds.password);
      const outsider = scene.passwordClient(plantIds.otherPassword);
      expect(await probeRead({ owner, outsider, witness, topic: passwordTopic })).toBe('silent');
      expect(await probeWrite({ owner, outsider, witness, topic: passwordTopic })).toBe('silent');
    });

    it('and a probe sees when they are not', async () => {
      const witness = await scene.mtlsClient(consoleUsername);
      const owner = await scene.mtlsClient(plantIds.mtls);
      const second = { ...witness, identity: { ...witness.identity, clientId: 'second' } };
      expect(await probeRead({ owner, outsider: second, witness, topic })).toBe('leaked');
      expect(await probeWrite({ owner, outsider: second, witness, topic })).toBe('leaked');
    });

    it('and a probe proves nothing when nobody could have seen it', async () => {
      const blind = await scene.mtlsClient(plantIds.otherMtls);
      const outsider = scene.passwordClient(plantIds.otherPassword);
      const owner = await scene.mtlsClient(plantIds.mtls);
      expect(await probeRead({ owner, outsider, witness: blind, topic }, { timeoutMs: 1000 })).toBe('unproven');
    });

    it('a token in the name of the console does not read them', async () => {
      const owner = await scene.mtlsClient(plantIds.mtls);
      const witness = await scene.mtlsClient(consoleUsername);
      const forged = scene.tokenClient(consoleUsername);
      const outsider = { ...forged, identity: { ...forged.identity, clientId: 'forged' } };
      expect(await probeRead({ owner, outsider, witness, topic })).toBe('silent');
    });

    it('what was retained does not leak either, and a denied publish leaves its client connected', async () => {
      const owner = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
      const outsider = await MqttSession.open(await scene.mtlsClient(plantIds.otherMtls));
      await owner.client.publishAsync(plantTopic(plantIds.mtls, 'info'), 'kept', { qos: 1, retain: true });
      await outsider.client.publishAsync(plantTopic(plantIds.mtls, 'info'), 'forged', { qos: 1, retain: true });
      await outsider.client.subscribeAsync('cpi/#', { qos: 1 });
      expect(await outsider.isAlive()).toBe(true);
      expect(outsider.received).toEqual([]);
      const reader = await MqttSession.open(await scene.mtlsClient(consoleUsername));
      await reader.client.subscribeAsync(plantTopic(plantIds.mtls, 'info'), { qos: 1 });
      await expect.poll(() => reader.received.map(({ payload }) => payload)).toEqual(['kept']);
      await Promise.all([owner, outsider, reader].map((session) => session.close()));
    });
  });

  it('hands commands to the plant, by both names of the topic', async () => {
    const plant = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
    await plant.client.subscribeAsync(`cpi/${plantIds.mtls}/#`, { qos: 1 });
    const sender = await MqttSession.open(await scene.mtlsClient(consoleUsername));
    for (const name of ['command', 'commands', 'config'] as const)
      await sender.client.publishAsync(plantTopic(plantIds.mtls, name), name, { qos: 1 });
    await expect.poll(() => plant.received.map(({ payload }) => payload)).toEqual(['command', 'commands', 'config']);
    await Promise.all([plant.close(), sender.close()]);
  });

  it('drops a message above 8 KB', async () => {
    const topic = plantTopic(plantIds.mtls, 'telemetry');
    const witness = await MqttSession.open(await scene.mtlsClient(consoleUsername));
    await witness.client.subscribeAsync(topic, { qos: 1 });
    const plant = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
    await plant.client.publishAsync(topic, 'x'.repeat(8193), { qos: 1 });
    await plant.client.publishAsync(topic, 'y'.repeat(8192), { qos: 1 });
    await expect.poll(() => witness.received.map(({ payload }) => payload[0])).toEqual(['y']);
    await Promise.all([plant.close(), witness.close()]);
  });

  describe('at a reload', () => {
    it('keeps the sessions that nothing changed for', async () => {
      const clients = [
        await scene.mtlsClient(plantIds.mtls),
        scene.passwordClient(plantIds.password),
        scene.tokenClient(plantIds.token),
      ];
      const sessions = await Promise.all(clients.map((client) => MqttSession.open(client)));
      const users = scene.passwordUsers();
      const plan = await scene.push(broker, { passwordUsers: users, revokedPlantIds: [plantIds.otherMtls] });
      expect(plan.needs).toBe('reload');
      for (const session of sessions) expect(await session.isAlive()).toBe(true);
      await Promise.all(sessions.map((session) => session.close()));
    });

    it('refuses a certificate that was revoked, and mutes the session it still has', async () => {
      const name = '99999999-0000-4000-8000-000000000099';
      const client = await scene.mtlsClient(name);
      const session = await MqttSession.open(client);
      const witness = await MqttSession.open(await scene.mtlsClient(consoleUsername));
      await witness.client.subscribeAsync('cpi/#', { qos: 1 });
      await scene.pki.revoke(await scene.certificate(name));

      const plan = await scene.push(broker, { revokedPlantIds: [name] });

      expect(plan.needs).toBe('reload');
      expect(plan.files.filter(({ change }) => change !== 'same').map(({ file }) => file)).toContain('ca.crl');
      const topic = plantTopic(name, 'telemetry');
      await session.client.publishAsync(topic, 'muted', { qos: 1 });
      expect(await session.isAlive()).toBe(true);
      expect(await connects({ ...client, identity: { ...client.identity, clientId: 'again' } })).toBe('refused');
      expect(await connects(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
      expect(await witness.isAlive()).toBe(true);
      expect(witness.received.filter((message) => message.topic === topic)).toEqual([]);
      await Promise.all([session.close(), witness.close()]);
    });

    it('drops the session of a changed password, and takes the new one only', async () => {
      const session = await MqttSession.open(scene.passwordClient(plantIds.password));
      const other = await MqttSession.open(scene.passwordClient(plantIds.otherPassword));
      const passwordUsers = scene.passwordUsers({ ...scene.passwords, [plantIds.password]: 'third-password' });

      expect((await scene.push(broker, { passwordUsers })).needs).toBe('reload');

      await session.ended();
      expect(await other.isAlive()).toBe(true);
      expect(await connects(scene.passwordClient(plantIds.password))).toBe('refused');
      expect(await connects(scene.passwordClient(plantIds.password, 'third-password'))).toBe('accepted');
      await other.close();
    });

    it('drops the session of a user who is gone', async () => {
      const session = await MqttSession.open(scene.passwordClient(plantIds.password));
      const passwordUsers = scene.passwordUsers().filter(({ plantId }) => plantId !== plantIds.password);
      await scene.push(broker, { passwordUsers });
      await session.ended();
      expect(await connects(scene.passwordClient(plantIds.password))).toBe('refused');
    });

    it('mutes the token of a revoked plant', async () => {
      const topic = plantTopic(plantIds.token, 'telemetry');
      const witness = await MqttSession.open(await scene.mtlsClient(consoleUsername));
      await witness.client.subscribeAsync(topic, { qos: 1 });
      const session = await MqttSession.open(scene.tokenClient(plantIds.token));
      await scene.push(broker, { revokedPlantIds: [plantIds.token] });
      await session.client.publishAsync(topic, 'muted', { qos: 1 }).catch(() => {});
      expect(await witness.isAlive()).toBe(true);
      expect(witness.received).toEqual([]);
      await Promise.all([session.close(), witness.close()]);
    });
  });

  it('takes a new token key with a restart', async () => {
    const next = new TokenIssuer();
    const plan = await scene.push(broker, { tokenPublicKeyDer: next.publicKeyDer });
    expect(plan.needs).toBe('restart');
    expect(await connects(scene.tokenClient(plantIds.token))).toBe('refused');
    expect(await connects(scene.tokenClient(plantIds.token, next.issue(plantIds.token)))).toBe('accepted');
  });

  it('goes back to the files before', async () => {
    const before = await broker.current();
    const passwordUsers = [
      { username: 'plc-c1b2c3d4', plantId: plantIds.password, hash: passwordHash('third-password') },
    ];
    await scene.push(broker, { passwordUsers });
    await goBack(broker);
    expect(await broker.current()).toEqual(before);
    expect(await connects(scene.passwordClient(plantIds.password))).toBe('accepted');
  });

  it('serves plants without a password user too', async () => {
    await scene.push(broker, { passwordUsers: [] });
    expect(await connects(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
    expect(await connects(scene.passwordClient(plantIds.password))).toBe('refused');
  });

  it('says which port is busy, and stays as it is', async () => {
    const files = await scene.files(broker);
    await broker.stop();
    const other = new PracticeBroker({ verifyPassword: async () => false, verifyToken: async () => false });
    await scene.push(other);
    try {
      await expect(putInForce(broker, files, 'restart')).rejects.toMatchObject({
        code: 'broker/port-busy',
        details: { port: scene.ports.mtls },
      });
    } finally {
      await other.stop();
    }
    expect(await broker.describe()).toMatchObject({ state: 'stopped' });
  });

  it('ends every session when it is stopped, and starts again with the files it has', async () => {
    const session = await MqttSession.open(await scene.mtlsClient(plantIds.mtls));
    await broker.stop();
    await session.ended();
    expect(await connects(await scene.mtlsClient(plantIds.mtls))).toBe('unreachable');
    const files = await broker.current();
    if (files === undefined) throw new Error('the files are gone');
    await putInForce(broker, files, 'nothing');
    expect(await connects(await scene.mtlsClient(plantIds.mtls))).toBe('accepted');
  });
});
