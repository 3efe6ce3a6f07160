// Brokers that fall silent, or accept and drop: the session is given up, the operator is told why, and nobody is stormed.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Monitor } from '../../electron/monitor/monitor.ts';
import type { RetryDelay } from '../../electron/monitor/retry-delay.ts';
import { type Clock, systemClock } from '../../electron/platform/clock.ts';
import { silentLogger } from '../../electron/platform/log.ts';
import { freePort, startServer } from '../support/processes.ts';
import { describeWith, programPath } from '../support/requirements.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const timing = { connectMs: 400, subscribeMs: 300, keepAliveSeconds: 1, farewellMs: 50 };
const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

function monitorOn(port: number, retryDelay: RetryDelay = () => 20, clock: Clock = systemClock) {
  const told: string[] = [];
  const monitor = new Monitor({
    connection: { host: '127.0.0.1', port, username: '', password: '', clientId: 'console', protocolVersion: 5 },
    filters: ['cpi/#'],
    clock,
    logger: { ...silentLogger, info: (_message, facts) => told.push(JSON.stringify(facts)) },
    checkSignature: () => 'absent',
    retryDelay,
    timing,
  });
  stops.push(() => monitor.stop());
  monitor.start();
  return { monitor, told };
}

describe('a broker that', () => {
  const connack = Buffer.from([0x20, 3, 0, 0, 0]);
  const subackTo = (subscribe: Buffer) => Buffer.from([0x90, 4, subscribe[2] ?? 0, subscribe[3] ?? 0, 0, 0]);

  /** On a free port. `answer` is told which packet of its connection it is, from 0. */
  async function listen(answer: (socket: Socket, packet: Buffer, index: number) => void) {
    const sockets = new Set<Socket>();
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      sockets.add(socket.on('error', () => socket.destroy()));
      let index = 0;
      socket.on('data', (packet) => answer(socket, packet, index++));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : 0,
      connections: () => connections,
      open: () => [...sockets].filter((socket) => !socket.destroyed).length,
    };
  }

  test.each([
    { what: 'never answers CONNECT', answers: 0, reason: /did not answer in time/ },
    { what: 'never answers SUBSCRIBE', answers: 1, reason: /did not answer the subscription/ },
    { what: 'answers no more once it was subscribed to', answers: 2, reason: /stopped answering/ },
  ])('$what is given up, and asked again', async ({ answers, reason }) => {
    const broker = await listen((socket, packet, index) => {
      if (index < answers) socket.write(index === 0 ? connack : subackTo(packet));
    });
    const { told } = monitorOn(broker.port);
    const says = { told: expect.stringMatching(reason) as string };
    await until(() => expect(told.map((words) => ({ told: words }))).toContainEqual(says));
    await until(() => expect(broker.connections()).toBeGreaterThan(1));
    // Nothing is left behind of the ones that were given up.
    await until(() => expect(broker.open()).toBeLessThanOrEqual(1));
  });

  test('accepts and drops at once is asked ever more slowly, until a session has lasted', async () => {
    let now = 0;
    let sessionMs = 0;
    const broker = await listen((socket, packet, index) => {
      socket.write(index === 0 ? connack : subackTo(packet));
      if (index < 2) return;
      // The console asked for what is dropped: it has been subscribed.
      now += sessionMs;
      socket.destroy();
    });
    const failures: number[] = [];
    const patience: RetryDelay = (pace, count) => {
      expect(pace).toBe('soon');
      failures.push(count);
      if (count === 5) sessionMs = 10_000;
      return 10;
    };
    monitorOn(broker.port, patience, { now: () => new Date(now) });
    await until(() => expect(failures.length).toBeGreaterThanOrEqual(7));
    expect(failures.slice(0, 7)).toEqual([1, 2, 3, 4, 5, 1, 1]);
  });

  test('stalls while the console says goodbye is hung up on', async () => {
    const broker = await listen((socket, packet, index) => {
      if (index < 2) socket.write(index === 0 ? connack : subackTo(packet));
    });
    const { monitor } = monitorOn(broker.port);
    await until(() => expect(monitor.connection().state).toBe('connected'));
    await monitor.stop();
    await until(() => expect(broker.open()).toBe(0));
  });
});

describeWith('mosquitto')('a real Mosquitto', () => {
  test('that is stopped in the middle of a session is given up, and heard again when it goes on', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'voke-stall-'));
    stops.push(() => rm(directory, { recursive: true, force: true }));
    const port = await freePort();
    await writeFile(join(directory, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\nuser root\n`);
    const broker = await startServer(programPath('mosquitto'), ['-c', join(directory, 'mosquitto.conf')], port);
    stops.push(() => broker.stop());
    const { monitor } = monitorOn(port);
    await until(() => expect(monitor.connection().state).toBe('connected'));
    broker.signal('SIGSTOP');
    try {
      await until(() => expect(monitor.connection().state).toBe('disconnected'));
      await until(() => expect(monitor.connection().reason).toMatch(/stopped answering|did not answer in time/));
    } finally {
      broker.signal('SIGCONT');
    }
    await until(() => expect(monitor.connection().state).toBe('connected'));
  });
});
