// The simulated PLC against a private Mosquitto: what was deployed to it decides, as on a real device.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { signMessage, verifySignature } from '../../electron/credentials/signatures.ts';
import { deviceFilesOf } from '../../electron/device/files.ts';
import { SimulatedPlc } from '../../electron/practice/plc.ts';
import { type ProvisioningPackage, provisioningPackageSchema } from '../../shared/model/provisioning.ts';
import { snapshotSchema } from '../../shared/model/telemetry.ts';
import { type Identity, OpensslPki } from '../support/openssl-pki.ts';
import { freePort, type RunningServer, run, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const plantIds = {
  MTLS: 'a1b2c3d4-0000-0000-0000-000000000001',
  PASSWORD: 'b1b2c3d4-0000-0000-0000-000000000002',
  TOKEN: 'c1b2c3d4-0000-0000-0000-000000000003',
} as const;
type Method = keyof typeof plantIds;
const methods = Object.keys(plantIds) as Method[];
const secret = 'h'.repeat(48);
const passwords = { PASSWORD: 'Xy7KqRightPassword', TOKEN: 'eyJhbGciOiJSUzI1NiJ9.claims.signature' };

describeWith(
  'mosquitto',
  'mosquitto_passwd',
  'openssl',
)('the simulated PLC on a real Mosquitto', () => {
  let folder: string;
  let pki: OpensslPki;
  let device: Identity;
  let broker: RunningServer;
  let observer: MqttClient;
  let ports: { certificate: number; password: number };
  const plcs: SimulatedPlc[] = [];
  const file = (name: string) => join(folder, name);
  const startBroker = () => startServer(programPath('mosquitto'), ['-c', file('mosquitto.conf')], ports.certificate);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voke-plc-'));
    pki = await OpensslPki.create();
    ports = { certificate: await freePort(), password: await freePort() };
    const [server, console] = [await pki.issueServer(), await pki.issueDevice('console')];
    device = await pki.issueDevice(plantIds.MTLS);
    const contents = {
      'ca.crt': await pki.certificatePem(),
      'ca.crl': await pki.crlPem(),
      'server.crt': server.certificatePem,
      'server.key': server.keyPem,
      passwd: `plc-b1b2c3d4:${passwords.PASSWORD}\n${plantIds.TOKEN}:${passwords.TOKEN}\n`,
      acl: [
        'user console\ntopic readwrite cpi/#',
        `user plc-b1b2c3d4\ntopic write cpi/${plantIds.PASSWORD}/+\ntopic read cpi/${plantIds.PASSWORD}/command`,
        'pattern write cpi/%u/telemetry\npattern write cpi/%u/ack\npattern read cpi/%u/command\n',
      ].join('\n'),
      'mosquitto.conf': [
        'user root',
        'per_listener_settings true',
        `listener ${ports.certificate} 127.0.0.1`,
        `cafile ${file('ca.crt')}\ncrlfile ${file('ca.crl')}`,
        `certfile ${file('server.crt')}\nkeyfile ${file('server.key')}`,
        `require_certificate true\nuse_identity_as_username true\nacl_file ${file('acl')}`,
        `listener ${ports.password}`,
        `certfile ${file('server.crt')}\nkeyfile ${file('server.key')}`,
        `allow_anonymous false\npassword_file ${file('passwd')}\nacl_file ${file('acl')}`,
      ].join('\n'),
    };
    for (const [name, content] of Object.entries(contents)) await writeFile(file(name), content);
    await run('mosquitto_passwd', ['-U', file('passwd')]);
    broker = await startBroker();
    observer = await mqtt.connectAsync(`mqtts://127.0.0.1:${ports.certificate}`, {
      ca: contents['ca.crt'],
      cert: console.certificatePem,
      key: console.keyPem,
      clientId: 'console',
      reconnectPeriod: 50,
    });
    await observer.subscribeAsync('cpi/#', { qos: 1 });
  });
  afterEach(async () => {
    for (const plc of plcs.splice(0)) await plc.stop();
  });
  afterAll(async () => {
    await observer?.endAsync(true);
    await broker?.stop();
    await pki?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  function packageOf(method: Method, change: { host?: string; password?: string } = {}): ProvisioningPackage {
    const plantId = plantIds[method];
    const topic = (name: string) => `cpi/${plantId}/${name}`;
    const clientId = method === 'PASSWORD' ? 'plc-b1b2c3d4' : plantId;
    const auth = {
      MTLS: { deviceCertPem: device.certificatePem, deviceKeyPem: device.keyPem },
      PASSWORD: { username: clientId, password: change.password ?? passwords.PASSWORD },
      TOKEN: { username: plantId, token: passwords.TOKEN, expiresAt: '2030-01-01T00:00:00.000Z' },
    };
    return provisioningPackageSchema.parse({
      plantId,
      authMethod: method,
      connection: {
        broker: `mqtts://${change.host ?? 'localhost'}`,
        port: method === 'MTLS' ? ports.certificate : ports.password,
        useTls: true,
        clientId,
      },
      auth: auth[method],
      tls: { caCertPem: authorityPem },
      topics: {
        telemetry: topic('telemetry'),
        command: topic('command'),
        ack: topic('ack'),
        status: topic('status'),
        alarm: topic('alarm'),
      },
      recommended: { qos: 1, keepAlive: 60 },
      hmacSecret: secret,
    });
  }
  let authorityPem = '';
  beforeAll(async () => {
    authorityPem = await pki.certificatePem();
  });

  async function deployLocally(provisioning: ProvisioningPackage): Promise<string> {
    const directory = file(`device-${provisioning.authMethod}`);
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory);
    for (const { name, content } of deviceFilesOf(provisioning)) await writeFile(join(directory, name), content);
    return directory;
  }

  async function plcWith(provisioning: ProvisioningPackage, intervalMs = 60_000): Promise<SimulatedPlc> {
    const directory = await deployLocally(provisioning);
    const plc = new SimulatedPlc({ directory, sign: signMessage, intervalMs, retryMs: 50 });
    plcs.push(plc);
    return plc;
  }

  /** The next message on a topic, as the console hears it. */
  const next = (topic: string) =>
    new Promise<Record<string, unknown>>((resolve) => {
      const hear = (name: string, payload: Buffer) => {
        if (name !== topic) return;
        observer.off('message', hear);
        resolve(JSON.parse(payload.toString('utf8')));
      };
      observer.on('message', hear);
    });

  it.each(methods)('connects with %s and publishes a signed snapshot', async (method) => {
    const plc = await plcWith(packageOf(method));
    expect(await plc.start()).toMatchObject({ state: 'connected', reason: null });
    const heard = next(`cpi/${plantIds[method]}/telemetry`);
    const sent = await plc.publishOnce();
    const message = await heard;
    expect(message).toEqual(sent);
    expect(snapshotSchema.parse(message).devices.map(({ type }) => type)).toEqual([
      'CABINET',
      'METER',
      'INVERTER',
      'BATTERY',
    ]);
    expect(verifySignature('telemetry', plantIds[method], message, secret)).toBe(true);
    expect(plc.state()).toMatchObject({ publishedCount: 1, lastPublishedAt: sent.timestamp });
  });

  it('publishes by itself, each time with a nonce of its own', async () => {
    const plc = await plcWith(packageOf('MTLS'), 20);
    await plc.start();
    const first = await next(`cpi/${plantIds.MTLS}/telemetry`);
    const second = await next(`cpi/${plantIds.MTLS}/telemetry`);
    expect(second.n).not.toBe(first.n);
  });

  it('acknowledges a command, and refuses one that is signed wrong', async () => {
    const plc = await plcWith(packageOf('PASSWORD'));
    await plc.start();
    const command = { cmdId: '6f1e6c1e-4b1a-4c8e-9a55-0d9c4c7a1b2c', ts: Date.now(), type: 'GET_INFO', p: {} };
    const sig = signMessage('command', plantIds.PASSWORD, command, secret);
    for (const [message, st] of [
      [{ ...command, sig }, 'OK'],
      [{ ...command, type: 'CHARGE', sig }, 'ERROR'],
    ] as const) {
      const answer = next(`cpi/${plantIds.PASSWORD}/ack`);
      await observer.publishAsync(`cpi/${plantIds.PASSWORD}/command`, JSON.stringify(message), { qos: 1 });
      const ack = await answer;
      expect(ack).toMatchObject({ cmdId: command.cmdId, st });
      expect(verifySignature('ack', plantIds.PASSWORD, ack, secret)).toBe(true);
    }
  });

  it('hears its own commands and nothing of another plant', async () => {
    const plc = await plcWith(packageOf('PASSWORD'));
    await plc.start();
    const publishing = setInterval(() => {
      observer.publish(`cpi/${plantIds.MTLS}/telemetry`, '"foreign"', { qos: 1 });
      observer.publish(`cpi/${plantIds.PASSWORD}/command`, '"own"', { qos: 1 });
    }, 20);
    const own = await plc.tryToRead(`cpi/${plantIds.PASSWORD}/command`, 300);
    const foreign = await plc.tryToRead(`cpi/${plantIds.MTLS}/#`, 300);
    clearInterval(publishing);
    expect(own.length).toBeGreaterThan(0);
    expect(foreign).toEqual([]);
  });

  it('is refused with a wrong password, and is in again after the right one was deployed', async () => {
    const plc = await plcWith(packageOf('PASSWORD', { password: 'wrong' }));
    expect(await plc.start()).toMatchObject({
      state: 'refused',
      reason: expect.stringMatching(/not authorized/i),
    });
    await expect(plc.publishOnce()).rejects.toMatchObject({ code: 'practice/plc-not-connected' });
    await deployLocally(packageOf('PASSWORD'));
    expect(await plc.reload()).toMatchObject({ state: 'connected' });
  });

  it('does not speak to a broker whose certificate names another host', async () => {
    const plc = await plcWith(packageOf('PASSWORD', { host: '127.0.0.2' }));
    expect(await plc.start()).toMatchObject({
      state: 'disconnected',
      reason: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
  });

  it('does not speak to a broker of another authority', async () => {
    const other = await OpensslPki.create();
    const provisioning = { ...packageOf('PASSWORD'), tls: { caCertPem: await other.certificatePem() } };
    await other.remove();
    const plc = await plcWith(provisioning);
    expect(await plc.start()).toMatchObject({
      state: 'disconnected',
      reason: expect.stringMatching(/VERIFY|SELF_SIGNED/),
    });
  });

  it('says when nothing was deployed', async () => {
    const plc = new SimulatedPlc({ directory: file('empty'), sign: signMessage });
    expect(await plc.start()).toMatchObject({ state: 'disconnected', reason: expect.stringMatching(/deployed/) });
  });

  it('comes back by itself after the broker was away, until it is revoked', async () => {
    const plc = await plcWith(packageOf('MTLS'));
    await plc.start();
    await broker.stop();
    await vi.waitFor(() => expect(plc.state().state).toBe('disconnected'), 5_000);
    broker = await startBroker();
    await vi.waitFor(() => expect(plc.state().state).toBe('connected'), 5_000);

    await broker.stop();
    await pki.revoke(device);
    await writeFile(file('ca.crl'), await pki.crlPem());
    broker = await startBroker();
    await vi.waitFor(() => expect(plc.state()).toMatchObject({ state: 'refused' }), 5_000);
    await plc.stop();
    expect(plc.state()).toMatchObject({ state: 'stopped', reason: null });
  });
});
