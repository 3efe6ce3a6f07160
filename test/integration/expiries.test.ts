// What ends some day, through the contract.

import { afterEach, expect, it } from 'vitest';
import { freePorts } from '../../electron/platform/free-port.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';

let console: TestConsole;
afterEach(() => console.dispose());

it('names the authority, the list that a broker has, and every certificate in force, soonest first', async () => {
  console = await startCommissioned();
  const { client } = console;
  expect((await client.authority.expiries()).map(({ kind, isOutage }) => [kind, isOutage])).toEqual([
    ['crl', false],
    ['tokenKey', false],
    ['authority', true],
  ]);
  const [mtls = 0, password = 0, token = 0] = await freePorts(3);
  const { brokerId } = await client.brokers.create({
    name: 'Hall 1',
    target: { kind: 'practice' },
    host: 'localhost',
    ports: { mtls, password, token },
  });
  const { plantId } = await client.plants.create({ name: 'Pump 4', site: 'Brno', authMethod: 'MTLS' });
  const gone = await client.plants.create({ name: 'Pump 5', authMethod: 'MTLS' });
  for (const plant of [plantId, gone.plantId]) {
    await client.plants.provision({ plantId: plant });
    await client.plants.activate({ plantId: plant });
  }
  await client.plants.revoke({ plantId: gone.plantId });
  expect((await endOf(console, await client.brokers.push({ brokerId }))).error).toBeNull();
  const expiries = await client.authority.expiries();
  expect(expiries.map(({ endsAt }) => endsAt)).toEqual(expiries.map(({ endsAt }) => endsAt).toSorted());
  expect(expiries.filter(({ isOutage }) => isOutage)).toMatchObject(
    [
      { kind: 'crl', name: 'Hall 1', brokerId },
      { kind: 'device', name: 'Pump 4', site: 'Brno', plantId },
      { kind: 'broker', name: 'Hall 1', brokerId },
      { kind: 'authority' },
    ].toSorted(
      (a, b) => expiries.findIndex(({ kind }) => kind === a.kind) - expiries.findIndex(({ kind }) => kind === b.kind),
    ),
  );
  expect(new Set(expiries.map(({ expiryId }) => expiryId)).size).toBe(expiries.length);
  // Rotated: the certificate that is to be replaced still counts, and so does its successor, which is not in force yet.
  await client.plants.rotate({ plantId });
  const devices = (await client.authority.expiries()).filter(({ kind }) => kind === 'device');
  expect(devices.map(({ isOutage }) => isOutage).toSorted()).toEqual([false, true]);
  const calendar = await client.authority.calendarFile();
  expect(calendar.name).toBe('voke.ics');
  expect(await calendar.text()).toContain('SUMMARY:Broker certificate ends: Hall 1');
});
