// A lock, or the deletion of a broker, in the middle of what waits: whichever turn it comes in, nothing listens afterwards.

import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LiveMonitors, type Tap } from '../../../electron/core/live-monitors.ts';
import { addBroker, deleteBroker, requireBroker } from '../../../electron/operations/brokers.ts';
import type { OperationContext } from '../../../electron/operations/context.ts';
import { systemClock } from '../../../electron/platform/clock.ts';
import { silentLogger } from '../../../electron/platform/log.ts';
import { contextOver } from '../../support/push-scene.ts';
import { createVault } from '../../support/vault.ts';
import { testPassphrase } from '../../support/vault-constants.ts';

const turn = () => new Promise<void>((next) => setImmediate(next));
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  );

/** Takes connections, and never says a word. */
let server: Server;
let port: number;
let connections = 0;
beforeEach(async () => {
  connections = 0;
  server = createServer((socket) => {
    connections += 1;
    socket.resume().on('error', () => {});
    socket.on('close', () => {
      connections -= 1;
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterEach(() => {
  server.close();
});

async function scene() {
  const { file, vault } = await createVault();
  const state: { context: OperationContext | undefined } = { context: contextOver(vault) };
  const context = contextOver(vault);
  const monitors = new LiveMonitors({ clock: systemClock, logger: silentLogger, context: () => state.context });
  state.context = context;
  const broker = addBroker(context, {
    name: 'Site',
    target: { kind: 'process' },
    profile: 'plantops',
    host: '127.0.0.1',
    subjectAltNames: [],
    ports: { mqtt: port, webSockets: port + 1, mtls: 1, password: 2, token: 3 } as never,
  });
  const lock = () => {
    file.lock();
    state.context = undefined;
    return monitors.close();
  };
  const unlock = async () => {
    state.context = contextOver(await file.unlock(testPassphrase));
    return state.context;
  };
  return { monitors, context, broker, lock, unlock };
}

const turns = [0, 1, 2, 4, 8];
const settings = { filters: ['other/#'] };

describe('a lock', () => {
  it.each(turns)('after %i turns leaves nothing that connects for the first time', async (count) => {
    const { monitors, context, broker, lock } = await scene();
    const outcome = codeOf(monitors.connect(context, broker));
    for (let i = 0; i < count; i++) await turn();
    await lock();
    expect(['done', 'vault/locked']).toContain(await outcome);
    expect(monitors.list()).toEqual([]);
    await expect.poll(() => connections).toBe(0);
  });

  it.each(turns)('after %i turns leaves nothing that takes the place of what there was', async (count) => {
    const { monitors, context, broker, lock } = await scene();
    await monitors.connect(context, broker);
    await expect.poll(() => connections).toBe(1);
    const outcomes = [
      codeOf(monitors.connect(context, broker, settings)),
      codeOf(monitors.listen(context, broker)),
      codeOf(monitors.connect(context, broker)),
    ];
    for (let i = 0; i < count; i++) await turn();
    await lock();
    for (const outcome of outcomes) expect(['done', 'vault/locked']).toContain(await outcome);
    expect(monitors.list()).toEqual([]);
    expect(monitors.plantsConnection(broker.brokerId)).toEqual({ state: 'stopped', reason: null });
    expect(monitors.plantWatches.known(broker.brokerId)).toBeUndefined();
    await expect.poll(() => connections).toBe(0);
  });

  it.each(turns)('after %i turns, and an unlock, leaves what was connected since', async (count) => {
    const { monitors, context, broker, lock, unlock } = await scene();
    await monitors.connect(context, broker);
    const outcome = codeOf(monitors.connect(context, broker, settings));
    for (let i = 0; i < count; i++) await turn();
    const locked = lock();
    const later = await unlock();
    await monitors.connect(later, broker, { filters: ['later/#'] });
    await locked;
    expect(['done', 'vault/locked']).toContain(await outcome);
    expect(monitors.list().map((one) => one.settings.filters)).toEqual([['later/#']]);
    await lock();
  });

  it('refuses who comes late with a vault that was locked', async () => {
    const { monitors, context, broker, lock, unlock } = await scene();
    await lock();
    await unlock();
    expect(await codeOf(monitors.connect(context, broker))).toBe('vault/locked');
    expect(await codeOf(monitors.listen(context, broker))).toBe('vault/locked');
    expect(monitors.list()).toEqual([]);
  });
});

describe('a broker that is deleted', () => {
  it.each(turns)('after %i turns is not listened to', async (count) => {
    const { monitors, context, broker, lock } = await scene();
    await monitors.connect(context, broker);
    const outcomes = [codeOf(monitors.connect(context, broker, settings)), codeOf(monitors.listen(context, broker))];
    for (let i = 0; i < count; i++) await turn();
    deleteBroker(context, broker.brokerId);
    await monitors.forget(broker.brokerId);
    for (const outcome of outcomes) expect(['done', 'broker/not-found']).toContain(await outcome);
    expect(monitors.list()).toEqual([]);
    await expect.poll(() => connections).toBe(0);
    await lock();
  });
});

describe('who hears along', () => {
  const tapOf = (told: string[]): Tap => ({
    onMessage: () => {},
    onMonitor: () => {},
    onGone: (why) => told.push(why),
  });

  it('is told once, at once, why there is nothing more to hear', async () => {
    const { monitors, context, broker, lock, unlock } = await scene();
    await monitors.connect(context, broker);
    const told: string[] = [];
    monitors.tap(broker.brokerId, tapOf(told));
    await monitors.connect(context, broker, settings);
    await monitors.disconnect(broker.brokerId);
    expect(told).toEqual([]);
    const locked = lock();
    expect(told).toEqual(['locked']);
    await locked;
    const later = await unlock();
    await monitors.connect(later, broker);
    monitors.tap(broker.brokerId, tapOf(told));
    deleteBroker(later, broker.brokerId);
    const forgotten = monitors.forget(broker.brokerId);
    expect(told).toEqual(['locked', 'deleted']);
    await forgotten;
    await lock();
    expect(told).toEqual(['locked', 'deleted']);
  });
});

it('what is disconnected while it connects stays so', async () => {
  const { monitors, context, broker, lock } = await scene();
  void monitors.connect(context, broker);
  expect(await monitors.disconnect(broker.brokerId)).toEqual({ state: 'stopped', reason: null });
  expect(monitors.list().map(({ connection }) => connection.state)).toEqual(['stopped']);
  await lock();
});

it('what was disconnected goes on, unless its broker has changed since', async () => {
  const { monitors, context, broker, lock } = await scene();
  const { brokerId } = broker;
  await monitors.connect(context, broker);
  const first = monitors.require(brokerId);
  await monitors.disconnect(brokerId);
  await expect.poll(() => connections).toBe(0);
  await monitors.connect(context, broker);
  expect(monitors.require(brokerId)).toBe(first);
  await expect.poll(() => connections).toBe(1);
  await monitors.disconnect(brokerId);
  context.vault.brokers.update(brokerId, { host: 'localhost' });
  await monitors.connect(context, requireBroker(context, brokerId));
  expect(monitors.require(brokerId)).not.toBe(first);
  await lock();
  await expect.poll(() => connections).toBe(0);
});
