// Brokers that stall in the middle of a step, flood, or refuse with codes of their own: the doctor comes to an end, and says at which step. Mosquitto
// does none of this on demand, so it is Aedes that answers here, or something that is no broker.

import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { Aedes, type AedesOptions } from 'aedes';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { CreatedAuthority } from '../../electron/authority/root.ts';
import { answerName } from '../../electron/broker/doctor/answer-names.ts';
import type { Patient } from '../../electron/broker/doctor/patient.ts';
import { examine } from '../../electron/broker/doctor/walk.ts';
import type { CauseCode } from '../../shared/model/doctor-causes.ts';
import { expectCause, factsOf, nothingKnown, stateOf } from '../support/doctor-answers.ts';
import { issue, newAuthority, serverProfile } from '../support/doctor-scene.ts';

const reads = 'cpi/a-plant/command';
const writes = 'cpi/a-plant/ack';

describe('a broker that stalls, floods or refuses', () => {
  let authority: CreatedAuthority;
  let tls: { readonly key: string; readonly cert: string };

  beforeAll(async () => {
    authority = await newAuthority();
    const { privateKeyPem: key, certificatePem: cert } = await issue(authority, serverProfile());
    tls = { key, cert };
  });

  /** Answers the port of a server that does `serve` with each connection. */
  const listen = async (serve: (socket: TLSSocket) => void, options: TlsOptions = {}): Promise<number> => {
    const open = new Set<TLSSocket>();
    const server = createTlsServer({ ...tls, ...options }, (socket) => {
      open.add(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  };
  const startAedes = async (options: AedesOptions = {}) => {
    const aedes = await Aedes.createBroker(options);
    onTestFinished(() => new Promise<void>((resolve) => aedes.close(() => resolve())));
    return { aedes, port: await listen((socket) => void aedes.handle(socket)) };
  };
  const patientAt = (port: number): Patient => ({
    host: '127.0.0.1',
    port,
    tls: { authorityPem: authority.certificatePem, serverName: 'localhost' },
    identity: { clientId: 'voke-doctor-test', username: 'plc', password: 'secret' },
    protocolVersion: 4,
    reads,
    writes,
    exchanges: true,
    payloadBytes: 0,
  });
  const surroundings = { ...nothingKnown, timeoutMs: 700 };
  const examineAt = (port: number) => examine(patientAt(port), surroundings);
  const never = () => {};

  test('that says nothing in the handshake', async () => {
    const server = createServer((socket) => socket.on('error', never));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    expectCause(await examineAt((server.address() as AddressInfo).port), 'tls', 'tls/silent');
  });

  test.each<[string, 'connect' | 'subscribe' | 'publish', AedesOptions]>([
    ['CONNECT', 'connect', { authenticate: never }],
    ['SUBSCRIBE', 'subscribe', { authorizeSubscribe: never }],
    ['PUBLISH', 'publish', { authorizePublish: never }],
  ])('that does not answer to %s', async (_packet, step, options) => {
    const { port } = await startAedes(options);
    const found = await examineAt(port);
    expectCause(found, step, 'connect/silent');
    expect(stateOf(found, 'receive')).not.toBe('passed');
  });

  // CONNACK of MQTT 3.1.1 (3.2.2.3) and of MQTT 5 (3.2.2.2).
  test.each<[string, 4 | 5, number, CauseCode]>([
    ['another version of MQTT', 4, 1, 'connect/protocol-version'],
    ['another version of MQTT', 5, 132, 'connect/protocol-version'],
    ['a client id that it does not take', 4, 2, 'connect/client-id-refused'],
    ['that it is not available', 4, 3, 'connect/busy'],
    ['that it is busy', 5, 137, 'connect/busy'],
    ['a ban', 5, 138, 'connect/refused'],
  ])('that answers with %s in MQTT %i', async (_words, protocolVersion, code, cause) => {
    const connack = protocolVersion === 5 ? [0x20, 3, 0, code, 0] : [0x20, 2, 0, code];
    const port = await listen((socket) => socket.once('data', () => socket.end(Buffer.from(connack))));
    const found = await examine({ ...patientAt(port), protocolVersion }, surroundings);
    expectCause(found, 'connect', cause);
    expect(factsOf(found)).toContain(`CONNACK: ${answerName(code)}`);
  });

  test('that hangs up on CONNECT, or refuses the subscription', async () => {
    const port = await listen((socket) => socket.once('data', () => socket.end()));
    expectCause(await examineAt(port), 'connect', 'connect/closed');
    const refusing = await startAedes({ authorizeSubscribe: (_client, _subscription, done) => done(null, null) });
    const found = await examineAt(refusing.port);
    expectCause(found, 'subscribe', 'rights/subscribe-refused');
    expect(factsOf(found)).toContain('SUBACK: 128 (0x80), unspecified error');
  });

  test('that hangs up in the handshake; a client whose certificate or key is none', async () => {
    const server = createServer((socket) => {
      socket.on('error', never);
      socket.once('data', () => socket.end());
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    expectCause(await examineAt((server.address() as AddressInfo).port), 'tls', 'tls/failed');

    const port = await listen(never);
    const certificatePem = (await issue(authority, { kind: 'console', commonName: 'plc' })).certificatePem;
    for (const wrong of [
      { certificatePem: 'no certificate', keyPem: 'no key' },
      { certificatePem, keyPem: 'no key' },
    ]) {
      const identity = { clientId: 'voke-doctor-test', ...wrong };
      expectCause(await examine({ ...patientAt(port), identity }, surroundings), 'tls', 'client/unreadable');
    }
  });

  test('that speaks TLS 1.1 and nothing later', async () => {
    const port = await listen(never, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
    expectCause(await examineAt(port), 'tls', 'tls/version');
  });

  test('that sends half of an answer, or what is no MQTT', async () => {
    const half = await listen((socket) => socket.write(Buffer.from([0x20, 0x02, 0x00])));
    expectCause(await examineAt(half), 'connect', 'connect/silent');
    const noise = await listen((socket) => socket.once('data', () => socket.end(Buffer.alloc(4096, 0xff))));
    const found = await examineAt(noise);
    expect(stateOf(found, 'connect')).toBe('failed');
    expect(found.suspicions).not.toEqual([]);
  });

  test('that sends one message without end, in MQTT 3.1.1, which knows of no limit', async () => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const port = await listen((socket) => {
      const pour = () => {
        while (!socket.destroyed && socket.write(piece)) sent += piece.byteLength;
        if (!socket.destroyed) socket.once('drain', pour);
      };
      socket.once('data', () => {
        socket.write(Buffer.from([0x20, 0x02, 0x00, 0x00]));
        socket.once('data', () => {
          // PUBLISH of 268,435,455 bytes: the most that there can be.
          socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x01, 0x61]));
          pour();
        });
      });
    });
    const found = await examine(patientAt(port), { ...surroundings, timeoutMs: 20_000 });
    expect(stateOf(found, 'subscribe')).toBe('failed');
    expect(sent).toBeLessThan(64 * 1024 * 1024);
  });

  test('that floods the client with messages from the moment it listens', async () => {
    const { aedes, port } = await startAedes();
    const message = { cmd: 'publish', qos: 0, dup: false, retain: false, topic: reads } as const;
    let sent = 0;
    let isOver = false;
    // As fast as Aedes takes it, and no faster: it lives in this process too.
    const publish = () =>
      new Promise<void>((resolve) => {
        aedes.publish({ ...message, payload: Buffer.from(`${sent++}`.padStart(100, '-')) }, () => resolve());
      });
    const flood = (async () => {
      for (; !isOver; await delay(5)) await Promise.all(Array.from({ length: 50 }, publish));
    })();
    onTestFinished(async () => {
      isOver = true;
      await flood;
    });
    const helper = {
      listener: { host: '127.0.0.1', port, authorityPem: authority.certificatePem, serverName: 'localhost' },
      identity: { clientId: 'helper' },
    };
    const found = await examine(patientAt(port), { ...surroundings, helper, timeoutMs: 5000 });
    expect(found.suspicions).toEqual([]);
    expect(stateOf(found, 'receive')).toBe('passed');
    expect(sent).toBeGreaterThan(1000);
  });

  test('that keeps silent about a way over another host', async () => {
    const openStream = () => new Promise<never>(never);
    const found = await examine({ ...patientAt(1), openStream }, surroundings);
    expectCause(found, 'tcp', 'tcp/way-closed', /in time/);
  });
});
