// Brokers that do not speak MQTT 5, or do not answer as they should.

import { createServer, type Server, type TLSSocket } from 'node:tls';
import { Aedes } from 'aedes';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Monitor } from '../../electron/monitor/monitor.ts';
import { systemClock } from '../../electron/platform/clock.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { type Identity, OpensslPki } from '../support/openssl-pki.ts';
import { describeWith } from '../support/requirements.ts';

describeWith('openssl')('the monitor on brokers of other kinds', () => {
  let pki: OpensslPki;
  let caPem: string;
  let server: Identity;
  let identity: Identity;
  const stops: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    pki = await OpensslPki.create();
    caPem = await pki.certificatePem();
    server = await pki.issueServer();
    identity = await pki.issueDevice('console');
  });

  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  afterAll(() => pki?.remove());

  /** A TLS server on a free port that hands each connection to `serve`. */
  async function listen(serve: (socket: TLSSocket) => void): Promise<number> {
    const sockets = new Set<TLSSocket>();
    const listener: Server = createServer(
      { cert: server.certificatePem, key: server.keyPem, ca: caPem, requestCert: true },
      (socket) => {
        sockets.add(socket.on('error', () => socket.destroy()));
        serve(socket);
      },
    );
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    stops.push(
      () =>
        new Promise((resolve) => {
          for (const socket of sockets) socket.destroy();
          listener.close(resolve);
        }),
    );
    const address = listener.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  function monitorOn(port: number, trustedFirst = caPem, renewal: Promise<unknown> = Promise.resolve()): Monitor {
    const connection = {
      host: '127.0.0.1',
      port,
      servername: 'localhost',
      caPem,
      certificatePem: identity.certificatePem,
      privateKeyPem: identity.keyPem,
      clientId: 'console',
      protocolVersion: 'auto',
    } as const;
    const monitor = new Monitor({
      connection: { ...connection, caPem: trustedFirst },
      renewed: () => renewal.then(() => connection),
      filters: ['cpi/#'],
      clock: systemClock,
      logger: silentLogger,
      checkSignature: () => 'absent',
      retryDelay: () => 20,
    });
    stops.push(() => monitor.stop());
    monitor.start();
    return monitor;
  }

  const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

  async function startAedes(options: Parameters<typeof Aedes.createBroker>[0] = {}): Promise<Aedes> {
    const broker = await Aedes.createBroker(options);
    stops.push(() => new Promise<void>((resolve) => broker.close(resolve)));
    return broker;
  }

  const publish = (broker: Aedes, topic: string, payload: string) =>
    new Promise<void>((resolve, reject) =>
      broker.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, (error) =>
        error ? reject(error) : resolve(),
      ),
    );

  test('falls back to 3.1.1 where the broker refuses MQTT 5', async () => {
    const broker = await startAedes();
    const port = await listen(broker.handle);
    const monitor = monitorOn(port);
    await until(() => expect(monitor.connection().state).toBe('connected'));
    await publish(broker, 'cpi/a/telemetry', 'over 3.1.1');
    await until(() => expect(monitor.message('cpi/a/telemetry')?.preview).toBe('over 3.1.1'));
  });

  test('falls back where the broker just closes on MQTT 5', async () => {
    const broker = await startAedes();
    const port = await listen((socket) => {
      socket.once('data', (connect: Buffer) => {
        // The protocol level follows the name "MQTT" (MQTT 5, section 3.1.2.2).
        const level = connect[connect.indexOf('MQTT') + 4];
        if (level === 5) return socket.end();
        socket.pause();
        socket.unshift(connect);
        broker.handle(socket);
      });
    });
    const monitor = monitorOn(port);
    await until(() => expect(monitor.connection().state).toBe('connected'));
  });

  test('whom it believes is asked again before each further try', async () => {
    const broker = await startAedes();
    const before = await OpensslPki.create('Retired Root CA');
    stops.push(() => before.remove());
    const monitor = monitorOn(await listen(broker.handle), await before.certificatePem());
    await until(() => expect(monitor.connection().state).toBe('connected'));
  });

  test('who stops does not wait for what it would come with the next time', async () => {
    const monitor = monitorOn(await listen((socket) => socket.end()), caPem, new Promise(() => {}));
    await until(() => expect(monitor.connection().state).toBe('disconnected'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await monitor.stop();
    expect(monitor.connection().state).toBe('stopped');
  });

  test('a broker that is started again is asked in the version that it spoke before', async () => {
    const levels: (number | undefined)[] = [];
    const port = await listen((socket) => {
      socket.on('data', (packet: Buffer) => {
        if (packet[0] === 0x10) {
          levels.push(packet[packet.indexOf('MQTT') + 4]);
          // The second time it is not ready yet.
          if (levels.length === 2) return socket.end();
          socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
        } else if (packet[0] === 0x82 && levels.length === 1) {
          socket.write(Buffer.from([0x90, 4, packet[2] ?? 0, packet[3] ?? 0, 0, 0]));
          setTimeout(() => socket.end(), 50);
        }
      });
    });
    monitorOn(port);
    await until(() => expect(levels).toEqual([5, 5, 5]));
  });

  test('a broker that does not authorise says so', async () => {
    const broker = await startAedes({
      authenticate: (_client, _username, _password, done) =>
        done(Object.assign(new Error('no'), { returnCode: 5 }), false),
    });
    const monitor = monitorOn(await listen(broker.handle));
    await until(() =>
      expect(monitor.connection()).toEqual({
        state: 'refused',
        reason: 'The broker did not authorise this identity.',
      }),
    );
  });

  test('a refused subscription is a refusal', async () => {
    const broker = await startAedes({ authorizeSubscribe: (_client, _subscription, done) => done(null, null) });
    const monitor = monitorOn(await listen(broker.handle));
    await until(() =>
      expect(monitor.connection()).toEqual({
        state: 'refused',
        reason: 'The broker refused the subscription to cpi/#.',
      }),
    );
  });

  /** The least of a broker: lets in, grants the subscription, and then does as it is told. */
  const leastBroker = (after: (socket: TLSSocket) => void) =>
    listen((socket) => {
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 3, 0, 0, 0]));
        socket.once('data', (subscribe: Buffer) => {
          socket.write(Buffer.from([0x90, 4, subscribe[2] ?? 0, subscribe[3] ?? 0, 0, 0]));
          after(socket);
        });
      });
    });
  /** An MQTT 5 PUBLISH of QoS 0 to the topic `cpi/x`. */
  function publishPacket(payload: Buffer): Buffer {
    const body = Buffer.concat([Buffer.from([0, 5]), Buffer.from('cpi/x'), Buffer.from([0]), payload]);
    const length = [0, 7, 14, 21].map((shift) => ((body.byteLength >> shift) & 0x7f) | (shift < 21 ? 0x80 : 0));
    return Buffer.concat([Buffer.from([0x30, ...length]), body]);
  }

  test('a message that is too large is left out and counted, and the session goes on', async () => {
    let connections = 0;
    const port = await leastBroker((socket) => {
      connections += 1;
      socket.write(publishPacket(Buffer.from('before')));
      socket.write(publishPacket(Buffer.alloc(40 * 1024 * 1024)));
      socket.write(publishPacket(Buffer.from('after')));
    });
    const monitor = monitorOn(port);
    await until(() => expect(monitor.message('cpi/x')?.preview).toBe('after'));
    expect(monitor.counts()).toMatchObject({ messages: 2, oversized: 1 });
    expect(connections).toBe(1);
  });

  test('a broker that floods and closes, again and again, is heard to the last message each time', async () => {
    const flood = Buffer.concat(Array.from({ length: 20_000 }, (_, i) => publishPacket(Buffer.from(`${i}`))));
    let connections = 0;
    const port = await leastBroker((socket) => {
      connections += 1;
      if (connections <= 3) socket.end(flood);
    });
    const monitor = monitorOn(port);
    await until(() => expect(connections).toBe(4));
    expect(monitor.counts().messages).toBe(3 * 20_000);
    await until(() => expect(monitor.connection().state).toBe('connected'));
  });

  test('a server that speaks no MQTT, or nothing, is left alone', async () => {
    const babbling = monitorOn(await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const closing = monitorOn(await listen((socket) => socket.end()));
    await until(() => expect(babbling.connection().state).toBe('disconnected'));
    await until(() => expect(closing.connection().state).toBe('disconnected'));
    expect(closing.connection().reason).toMatch(/closed the connection/);
  });
});
