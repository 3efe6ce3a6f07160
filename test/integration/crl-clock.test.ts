// A CRL that has ended locks every certificate out, so the console says in time that it is due, and renews it.

import 'reflect-metadata';

import { X509Crl } from '@peculiar/x509';
import { afterEach, expect, it } from 'vitest';
import { freePorts } from '../../electron/platform/free-port.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';

const dayMs = 86_400_000;

let console: TestConsole;
afterEach(() => console.dispose());

it('is due from half of its life on, and renewed for every broker in one call', async () => {
  let now = Date.now();
  console = await startCommissioned({ clock: { now: () => new Date(now) } });
  const { client } = console;
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const { brokerId } = await client.brokers.create({
    name: 'Practice',
    target: { kind: 'practice' },
    host: 'localhost',
    ports: { mtls, password, token },
  });
  const push = async () => (await endOf(console, await client.brokers.push({ brokerId }))).error;
  const crlState = async () => (await client.authority.get()).crl.state;
  expect(await push()).toBeNull();
  const before = await client.authority.get();
  expect(before.crl.state).toBe('fresh');
  expect((await client.brokers.list())[0]?.crlNextUpdate).toBe(before.crl.nextUpdate);

  now += 183 * dayMs;
  expect(await crlState()).toBe('renew-soon');
  now += 183 * dayMs;
  expect(await crlState()).toBe('expired');
  // Pushing it would lock everybody out.
  expect(await push()).toMatchObject({ code: 'broker/invalid-files' });

  const renewed = await client.authority.renewCrl();
  expect(renewed.crl).toMatchObject({
    state: 'fresh',
    number: String(Number(before.crl.number) + 1),
    revokedCount: before.crl.revokedCount,
  });
  expect(new X509Crl(await (await client.authority.crlFile()).text()).nextUpdate?.toISOString()).toBe(
    renewed.crl.nextUpdate,
  );
  const [broker] = await client.brokers.list();
  expect(broker).toMatchObject({ pushPending: true, crlNextUpdate: before.crl.nextUpdate });
});
