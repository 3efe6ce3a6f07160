// The console's own policy service: set, started, asked while the vault is locked, and the practice broker that asks too.

import { once } from 'node:events';
import { createServer as createTlsServer, request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';
import { OpensslPki } from '../support/openssl-pki.ts';
import { asGoAuth } from '../support/policy-service.ts';
import { PolicyTokens, plantRules, policyText } from '../support/policy-tokens.ts';

let console: TestConsole;
const tokens = new PolicyTokens();
const code = (name: string) => expect.objectContaining({ code: name });
const settings = { address: '127.0.0.1', port: 0, keys: { kind: 'pem', pem: tokens.publicPem } } as const;
const question = { clientid: 'c', topic: 'plant/a', acc: 2 };

beforeAll(async () => {
  console = await startCommissioned();
});
afterAll(() => console.dispose());

it('is off, does not start without rules, and follows them, also to a new start of the console', async () => {
  const { policy, vault } = console.client;
  const writer = await tokens.sign({ sub: 'w', scope: 'mqtt.write' });
  expect(await policy.getService()).toMatchObject({ state: 'stopped', endpoint: null, version: null });
  await policy.configureService(settings);
  await expect(policy.startService()).rejects.toEqual(code('policy/no-active-rules'));
  await policy.saveRules({ text: plantRules });
  await policy.saveRules({ text: policyText([]) });
  await policy.activateRules({ version: 1 });
  const { endpoint } = await policy.startService();
  expect(endpoint).toMatchObject({ address: '127.0.0.1', isTls: false });
  const ask = asGoAuth(endpoint?.port ?? 0, 'json');
  expect(await ask('/mqtt/acl', question, writer)).toMatchObject({ status: 200 });
  await policy.activateRules({ version: 2 });
  expect(await ask('/mqtt/acl', question, writer)).toMatchObject({ status: 403 });
  await policy.activateRules({ version: 1 });
  await vault.lock();
  expect(await ask('/mqtt/acl', question, writer)).toMatchObject({ status: 200 });

  await console.core.close();
  await expect(ask('/mqtt/acl', question, writer)).rejects.toThrow();
  console = await startConsole({ dataDirectory: console.dataDirectory });
  await console.client.vault.unlock({ passphrase });
  await expect.poll(async () => (await console.client.policy.getService()).state).toBe('running');
  const again = await console.client.policy.getService();
  expect(again).toMatchObject({ version: 1, counts: { allowed: 0 } });
  expect(await asGoAuth(again.endpoint?.port ?? 0, 'form')('/mqtt/acl', question, writer)).toMatchObject({
    status: 200,
  });
  expect(await console.client.policy.stopService()).toMatchObject({ state: 'stopped', endpoint: null });
});

it('is served over TLS beyond this machine, with a certificate of the authority', async () => {
  const { policy, authority } = console.client;
  await policy.configureService({ ...settings, address: '0.0.0.0', serverName: 'policy.example' });
  const { endpoint } = await policy.startService();
  expect(endpoint).toMatchObject({ isTls: true });
  const ca = await (await authority.certificateFile()).text();
  const status = await new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: endpoint?.port, path: '/mqtt/user', method: 'POST', ca, servername: 'policy.example' },
      ({ statusCode }) => resolve(statusCode),
    );
    asked.on('error', reject).end();
  });
  expect(status).toBe(403);
  const issued = async () => {
    const { items } = await console.client.audit.list({ limit: 100, offset: 0 });
    return items.filter(({ action }) => action === 'policy.certificate').length;
  };
  expect(await issued()).toBe(1);
  await policy.stopService();
  await policy.startService();
  expect(await issued()).toBe(1);
  await policy.stopService();
});

it('fetches a JWK set from its address, by the authority that was named for it', async () => {
  const { policy } = console.client;
  const pki = await OpensslPki.create();
  const { certificatePem: cert, keyPem: key } = await pki.issueServer();
  const issuer = createTlsServer({ cert, key }, (_, response) => response.end(JSON.stringify(tokens.keySet)));
  issuer.listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  const url = `https://localhost:${(issuer.address() as AddressInfo).port}/keys`;
  const reader = await tokens.sign({ sub: 'r', scope: 'mqtt.read' });
  for (const [authorityPem, reason] of [
    [null, 'policy/key-unreachable'],
    [await pki.certificatePem(), 'the token speaks for a service'],
  ] as const) {
    await policy.configureService({ ...settings, keys: { kind: 'address', url, authorityPem } });
    const { endpoint } = await policy.startService();
    expect(await asGoAuth(endpoint?.port ?? 0, 'json')('/mqtt/user', null, reader)).toMatchObject({ reason });
  }
  await policy.stopService();
  issuer.close();
  await pki.remove();
});

it('says why it stands still after settings that cannot be, and goes on with the next', async () => {
  const { policy } = console.client;
  await policy.configureService(settings);
  await policy.startService();
  const busy = createServer().listen(0, '127.0.0.1');
  await once(busy, 'listening');
  const { port } = busy.address() as AddressInfo;
  await expect(policy.configureService({ ...settings, port })).rejects.toEqual(code('policy/listen-failed'));
  expect(await policy.getService()).toMatchObject({ state: 'failed', endpoint: null, problem: expect.any(String) });
  const unusable = { ...settings, keys: { kind: 'pem', pem: 'no key' } } as const;
  await expect(policy.configureService(unusable)).rejects.toEqual(code('policy/key-invalid'));
  expect((await policy.getService()).settings).toMatchObject({ port });
  expect(await policy.configureService(settings)).toMatchObject({ state: 'running', problem: null });
  busy.close();
  await policy.stopService();
});

it('has the practice broker ask for every connect, subscribe, publish and delivery', async () => {
  const { practice, brokers, policy, authority, monitor } = console.client;
  await policy.configureService(settings);
  expect(await endOf(console, await practice.start())).toMatchObject({ state: 'succeeded' });
  const { brokerId, devices } = await practice.askPolicy({ enabled: true });
  expect(await practice.get()).toMatchObject({ asksPolicy: true });
  const broker = (await brokers.list()).find((known) => known.brokerId === brokerId);
  if (broker?.profile !== 'voke') throw new Error('the practice broker is of the voke profile');
  const ca = await (await authority.certificateFile()).text();
  const connect = (username: string, password: string): Promise<MqttClient> =>
    connectAsync(`mqtts://localhost:${broker.ports.token}`, {
      protocolVersion: 4,
      ca,
      username,
      password,
      reconnectPeriod: 0,
    });

  // Plants have no token of the policy, so they are cut off; the console goes on watching.
  const states = async () => (await practice.get()).devices.map(({ plc }) => plc.state);
  await expect.poll(states).not.toContain('connected');
  expect(devices).toHaveLength(3);
  expect(await monitor.connect({ brokerId: broker.brokerId })).toMatchObject({ state: 'connected' });

  await expect(connect('w', 'no-token')).rejects.toThrow();
  const { token } = await practice.issuePolicyToken({ id: 'w', scopes: ['mqtt.write'] });
  const reads = await tokens.sign({ sub: 'r', scope: 'mqtt.read' });
  await expect(connect('r', token)).rejects.toThrow();
  const writer = await connect('w', token);
  const reader = await connect(reads, 'x');
  const heard: string[] = [];
  reader.on('message', (topic) => heard.push(topic));
  const granted = async (filter: string) =>
    reader.subscribeAsync(filter).then(
      ([grant]) => (grant?.qos ?? 128) < 128,
      () => false,
    );
  expect([await granted('plant/#'), await granted('other/#'), await granted('#')]).toEqual([true, false, false]);
  for (const topic of ['other/a', 'plant/secret', 'plant/a']) await writer.publishAsync(topic, 'x', { qos: 1 });
  await expect.poll(() => heard).toEqual(['plant/a']);
  await policy.activateRules({ version: 2 });
  await writer.publishAsync('plant/b', 'x', { qos: 1 });
  await policy.activateRules({ version: 1 });
  await writer.publishAsync('plant/c', 'x', { qos: 1 });
  await expect.poll(() => heard).toEqual(['plant/a', 'plant/c']);
  expect((await brokers.log({ brokerId: broker.brokerId })).join('\n')).toContain(
    'publish of other/a: publish: no rule',
  );

  // A session lives on, and its token does not.
  const ended = Math.floor(Date.now() / 1000) + 4;
  const brief = await connect('b', await tokens.sign({ sub: 'b', scope: 'mqtt.write', exp: ended }));
  await brief.publishAsync('plant/in-time', 'x', { qos: 1 });
  await expect.poll(() => heard).toContain('plant/in-time');
  const log = async () => (await brokers.log({ brokerId: broker.brokerId })).join('\n');
  const tryAgain = () => brief.publishAsync('plant/again', 'x', { qos: 1 }).then(log);
  await expect.poll(tryAgain, { timeout: 10_000 }).toContain('publish of plant/again: the token has expired');
  await brief.publishAsync('plant/too-late', 'x', { qos: 1 });
  await writer.publishAsync('plant/last', 'x', { qos: 1 });
  await expect.poll(() => heard).toContain('plant/last');
  expect(heard).not.toContain('plant/too-late');
  await brief.endAsync(true);

  const { plantId } = await console.client.plants.create({ name: 'Late', authMethod: 'PASSWORD' });
  await console.client.plants.provision({ plantId, brokerId: broker.brokerId });
  expect(await endOf(console, await brokers.push({ brokerId: broker.brokerId }))).toMatchObject({
    error: { code: 'practice/asks-policy' },
  });
  await practice.askPolicy({ enabled: false });
  await expect.poll(() => writer.connected || reader.connected).toBe(false);
  await Promise.all([writer.endAsync(true), reader.endAsync(true)]);
});

it('checks tokens by the keys of the vault, and by those alone that are trusted at the moment', async () => {
  const { policy, authority, plants } = console.client;
  await policy.configureService({ ...settings, keys: { kind: 'console' } });
  const { endpoint } = await policy.startService();
  const ask = asGoAuth(endpoint?.port ?? 0, 'json');
  const stranger = await tokens.sign({ sub: 'w', scope: 'mqtt.write' });
  expect(await ask('/mqtt/user', null, stranger)).toMatchObject({ status: 403, reason: 'policy/token-signature' });

  const { items } = await plants.list({ authMethod: 'TOKEN' });
  const { token } = await plants.issueToken({ plantId: items[0]?.plantId ?? '' });
  const own = () => ask('/mqtt/user', null, token).then(({ reason }) => reason);
  expect(await own()).toBe('the token names no groups and no scopes');
  const [next] = await authority.startTokenRollover();
  await authority.signWithTokenKey({ keyId: next?.keyId ?? '', insist: true });
  expect(await own()).toBe('the token names no groups and no scopes');
  const before = (await authority.tokenKeys()).find(({ state }) => state === 'trusted');
  await authority.retireTokenKey({ keyId: before?.keyId ?? '', insist: true });
  await expect.poll(own).toBe('policy/token-signature');
  await policy.stopService();
});
