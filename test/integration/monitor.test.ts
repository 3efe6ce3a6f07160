// The monitor against a private Mosquitto over TLS with client certificates, as in the field.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { BrokerConnection } from '../../electron/monitor/broker-session.ts';
import { defaultFrameLimits } from '../../electron/monitor/frames.ts';
import { Monitor, type MonitorOptions } from '../../electron/monitor/monitor.ts';
import { systemClock } from '../../electron/platform/clock.ts';
import { createLogger, silentLogger } from '../../electron/platform/log.ts';
import { type MonitorFrame, topicLookSchema } from '../../shared/model/monitor.ts';
import { type Identity, OpensslPki } from '../support/openssl-pki.ts';
import { freePort, type RunningServer, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const look = topicLookSchema.parse({});

describeWith('mosquitto', 'openssl')('the monitor on a real Mosquitto', () => {
  let directory: string;
  let pki: OpensslPki;
  let port: number;
  let broker: RunningServer;
  let console: Identity;
  let plant: MqttClient;
  const monitors: Monitor[] = [];

  const file = (name: string) => join(directory, name);
  const startBroker = () => startServer(programPath('mosquitto'), ['-c', file('mosquitto.conf')], port);

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'voke-monitor-'));
    pki = await OpensslPki.create();
    port = await freePort();
    console = await pki.issueDevice('console');
    const server = await pki.issueServer();
    await writeFile(file('ca.crt'), await pki.certificatePem());
    await writeFile(file('ca.crl'), await pki.crlPem());
    await writeFile(file('server.crt'), server.certificatePem);
    await writeFile(file('server.key'), server.keyPem);
    await writeFile(
      file('mosquitto.conf'),
      [
        `listener ${port} 127.0.0.1`,
        `cafile ${file('ca.crt')}`,
        `crlfile ${file('ca.crl')}`,
        `certfile ${file('server.crt')}`,
        `keyfile ${file('server.key')}`,
        'require_certificate true',
        'use_identity_as_username true',
        // Drops nothing towards a slow subscriber, so that what a test counts is what the console did.
        'max_queued_messages 0',
        'user root',
      ].join('\n'),
    );
    broker = await startBroker();
    plant = await mqtt.connectAsync(`mqtts://127.0.0.1:${port}`, {
      ca: await pki.certificatePem(),
      cert: console.certificatePem,
      key: console.keyPem,
      clientId: 'plant',
      protocolVersion: 5,
      reconnectPeriod: 50,
    });
  });

  afterEach(async () => {
    await Promise.all(monitors.splice(0).map((monitor) => monitor.stop()));
  });

  afterAll(async () => {
    await plant?.endAsync(true);
    await broker?.stop();
    await pki?.remove();
    await rm(directory, { recursive: true, force: true });
  });

  async function monitorAs(
    identity: Identity,
    more: Partial<MonitorOptions> = {},
    where: Partial<BrokerConnection> = {},
  ): Promise<Monitor> {
    const monitor = new Monitor({
      connection: {
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        caPem: await pki.certificatePem(),
        certificatePem: identity.certificatePem,
        privateKeyPem: identity.keyPem,
        clientId: `console-${monitors.length}`,
        protocolVersion: 5,
        ...where,
      },
      filters: ['cpi/#'],
      clock: systemClock,
      logger: silentLogger,
      checkSignature: () => 'absent',
      retryDelay: () => 50,
      ...more,
    });
    monitors.push(monitor);
    monitor.start();
    return monitor;
  }

  const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });
  const connected = (monitor: Monitor) => until(() => expect(monitor.connection().state).toBe('connected'));

  test.each([5, 4] as const)('shows retained and live messages over protocol level %i', async (protocolVersion) => {
    const topic = `cpi/level-${protocolVersion}`;
    await plant.publishAsync(`${topic}/info`, 'kept by the broker', { retain: true, qos: 1 });
    const monitor = await monitorAs(console, { filters: [`${topic}/#`] }, { protocolVersion });
    await until(() => expect(monitor.message(`${topic}/info`)).toBeDefined());
    await plant.publishAsync(`${topic}/telemetry`, '{"devices":[]}', { qos: 1 });
    await until(() => expect(monitor.message(`${topic}/telemetry`)).toBeDefined());

    expect(monitor.message(`${topic}/info`)).toMatchObject({ preview: 'kept by the broker', retained: true });
    expect(monitor.message(`${topic}/telemetry`)).toMatchObject({
      preview: '{"devices":[]}',
      payloadBytes: 14,
      messageCount: 1,
      retained: false,
      payloadBase64: Buffer.from('{"devices":[]}').toString('base64'),
      signature: 'absent',
    });
    expect(monitor.message('cpi/nowhere')).toBeUndefined();
  });

  test('verifies a broker that is known by its address', async () => {
    await connected(await monitorAs(console, {}, { servername: '127.0.0.1' }));
  });

  test('comes back after the broker was restarted, and subscribes again', async () => {
    const monitor = await monitorAs(console);
    await connected(monitor);
    const states: string[] = [];
    const stop = new AbortController();
    const watching = (async () => {
      for await (const frame of monitor.watch(monitor.view(look), stop.signal)) states.push(frame.connection.state);
    })();

    await broker.stop();
    await until(() => expect(monitor.connection().state).toBe('disconnected'));
    expect(monitor.connection().reason).toEqual(expect.any(String));
    await until(() => expect(states).toContain('disconnected'));
    broker = await startBroker();
    await connected(monitor);
    await until(() => expect(plant.connected).toBe(true));
    await plant.publishAsync('cpi/again/telemetry', 'after the restart', { qos: 1 });
    await until(() => expect(monitor.message('cpi/again/telemetry')?.preview).toBe('after the restart'));
    await until(() => expect(states.at(-1)).toBe('connected'));
    stop.abort();
    await watching;
  });

  test('says who refused what', async () => {
    const revoked = await pki.issueDevice('revoked');
    await pki.revoke(revoked);
    await writeFile(file('ca.crl'), await pki.crlPem());
    await broker.stop();
    broker = await startBroker();
    const strangers = await OpensslPki.create('Another CA');
    const stranger = await strangers.issueDevice('stranger');
    const strangersCa = await strangers.certificatePem();
    await strangers.remove();

    const ofRevoked = await monitorAs(revoked);
    const ofStranger = await monitorAs(stranger);
    const ofWrongName = await monitorAs(console, {}, { servername: 'other.plant' });
    const ofOtherCa = await monitorAs(console, {}, { caPem: strangersCa });
    const ofNobody = await monitorAs(console, {}, { port: await freePort() });
    const says = (monitor: Monitor, state: string, reason: RegExp) =>
      until(() =>
        expect(monitor.connection()).toMatchObject({ state, reason: expect.stringMatching(reason) as string }),
      );
    await says(ofRevoked, 'refused', /revoked/);
    await says(ofStranger, 'refused', /does not know its authority/);
    await says(ofWrongName, 'disconnected', /does not carry this name/);
    await says(ofOtherCa, 'disconnected', /not issued by this authority/);
    await says(ofNobody, 'disconnected', /Nothing listens/);
  });

  test('a refused identity is asked for again slowly, and stop ends it', async () => {
    const asked: string[] = [];
    const stranger = await OpensslPki.create('Another CA');
    const monitor = await monitorAs(await stranger.issueDevice('stranger'), {
      retryDelay: (pace, failures) => {
        asked.push(`${pace} ${failures}`);
        return failures < 3 ? 10 : 600_000;
      },
    });
    await stranger.remove();
    await until(() => expect(asked.at(-1)).toMatch(/ 3$/));
    expect(asked).toEqual(['slow 1', 'slow 2', 'slow 3']);
    await monitor.stop();
    expect(monitor.connection()).toEqual({ state: 'stopped', reason: null });
  });

  test('an identity that is no identity is refused before anything is tried', async () => {
    const other = await pki.issueDevice('other');
    for (const wrong of [
      { ...console, keyPem: other.keyPem },
      { ...console, certificatePem: 'not a certificate' },
    ]) {
      await expect(monitorAs(wrong)).rejects.toMatchObject({ code: 'monitor/connect-failed' });
    }
  });

  test('can be stopped and started again, and keeps what it saw', async () => {
    const monitor = await monitorAs(console);
    await connected(monitor);
    await plant.publishAsync('cpi/kept', 'seen', { qos: 1 });
    await until(() => expect(monitor.message('cpi/kept')).toBeDefined());
    await monitor.stop();
    await plant.publishAsync('cpi/missed', 'unseen', { qos: 1 });
    monitor.start();
    await connected(monitor);
    expect(monitor.message('cpi/kept')?.preview).toBe('seen');
    expect(monitor.message('cpi/missed')).toBeUndefined();
  });

  test('closing ends its watchers, stopping does not', async () => {
    const monitor = await monitorAs(console, { frameLimits: { ...defaultFrameLimits, intervalMs: 1 } });
    await connected(monitor);
    const states: string[] = [];
    const watching = (async () => {
      for await (const frame of monitor.watch(monitor.view(look), new AbortController().signal))
        states.push(frame.connection.state);
    })();
    await monitor.stop();
    await until(() => expect(states.at(-1)).toBe('stopped'));
    monitor.start();
    await until(() => expect(states.at(-1)).toBe('connected'));
    await monitor.close();
    await watching;
  });

  test('hostile payloads are shown as text, within bounds, and never logged', async () => {
    const lines: string[] = [];
    const monitor = await monitorAs(console, {
      logger: createLogger((line) => lines.push(line)),
      checkSignature: () => 'valid',
    });
    await connected(monitor);
    const hostile: Record<string, Buffer> = {
      huge: Buffer.alloc(5 * 1024 * 1024, 'HUGE'),
      control: Buffer.from('\u001b[2J\u0000bell\u0007 \u202edesrever'),
      binary: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]),
      html: Buffer.from('<script>alert("x")</script>'),
      nested: Buffer.from('['.repeat(200_000)),
      empty: Buffer.alloc(0),
    };
    for (const [name, payload] of Object.entries(hostile)) {
      await plant.publishAsync(`cpi/hostile/${name}`, payload, { qos: 1 });
    }
    await until(() => expect(monitor.message('cpi/hostile/empty')).toBeDefined());

    const huge = monitor.message('cpi/hostile/huge');
    expect(huge).toMatchObject({ payloadBytes: 5 * 1024 * 1024, signature: 'unknown', replay: null });
    expect(Buffer.from(huge?.payloadBase64 ?? '', 'base64').byteLength).toBe(256 * 1024);
    expect(huge?.preview).toBe(`${'HUGE'.repeat(64)}…`);
    expect(monitor.message('cpi/hostile/control')?.preview).toBe('\\u001b[2J\\u0000bell\\u0007 \\u202edesrever');
    expect(monitor.message('cpi/hostile/binary')?.preview).toBe('\\xff\\xfe\\u0000\\xc3(');
    // Nobody looked whether it came before: a good signature alone does not make it fresh.
    expect(monitor.message('cpi/hostile/html')).toMatchObject({
      preview: '<script>alert("x")</script>',
      signature: 'valid',
      replay: 'unchecked',
    });
    expect(monitor.message('cpi/hostile/nested')?.payloadBytes).toBe(200_000);
    expect(monitor.message('cpi/hostile/empty')).toMatchObject({ preview: '', payloadBase64: '' });
    expect(lines.join('')).toContain('connected');
    expect(lines.join('')).not.toMatch(/HUGE|bell|script|PRIVATE KEY/);
  });

  test('a burst of 20,000 messages over 2,000 topics is received or counted, message by message', async () => {
    const budget = { topics: 1500, bytes: 64 * 1024 * 1024, valueBytes: 8192 };
    const monitor = await monitorAs(console, {
      filters: ['cpi/burst/#'],
      budget,
      frameLimits: { ...defaultFrameLimits, intervalMs: 20 },
    });
    let heard = 0;
    monitor.onMessage(() => {
      heard += 1;
      throw new Error('a listener that fails takes nothing from the others');
    });
    await connected(monitor);
    const stop = new AbortController();
    let last: MonitorFrame | undefined;
    const watching = (async () => {
      for await (const frame of monitor.watch(monitor.view({ ...look, rowCount: 200 }), stop.signal)) last = frame;
    })();

    for (let i = 0; i < 20_000; i++) plant.publish(`cpi/burst/${i % 2000}`, `value ${i}`);
    await until(() => expect(heard).toBe(20_000));
    const counts = { topics: 1500, messages: 15_000, droppedTopics: 5000 };
    await until(() => expect(last?.counts).toMatchObject(counts));
    // However much was overtaken on the way, every topic's last value is there, in the picture and behind it.
    const branches = ['cpi', 'burst'].map((name) => ({ name, topicCount: 1500, messageCount: 15_000 }));
    const topics = Array.from({ length: 198 }, (_, i) => ({
      name: `${i}`,
      messageCount: 10,
      value: { preview: `value ${18_000 + i}` },
    }));
    expect(last?.picture).toMatchObject({ totalRows: 1502, rows: [...branches, ...topics] });
    for (let i = 0; i < 1500; i++) expect(monitor.message(`cpi/burst/${i}`)?.preview).toBe(`value ${18_000 + i}`);
    stop.abort();
    await watching;
  });
});
