// A plant that is rotated goes to the broker that it was provisioned for, however many there are.

import { afterEach, expect, it } from 'vitest';
import { productionPorts } from '../../shared/model/broker.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { endOf } from '../support/jobs.ts';

let console: TestConsole;
afterEach(() => console.dispose());

it('with every next credential, until that broker is gone', async () => {
  console = await startCommissioned();
  const { client } = console;
  const add = (name: string, host: string) =>
    client.brokers.create({ name, target: { kind: 'practice' }, host, ports: productionPorts });
  await add('First', 'first.example');
  const { brokerId } = await add('Second', 'second.example');
  const { plantId } = await client.plants.create({ name: 'Pump', authMethod: 'MTLS' });
  const hostOf = ({ connection }: { connection: { broker: string } }) => connection.broker;
  expect(hostOf(await client.plants.provision({ plantId, brokerId }))).toBe('mqtts://second.example');
  expect(hostOf(await client.plants.provision({ plantId }))).toBe('mqtts://second.example');
  await client.plants.activate({ plantId });
  expect(hostOf(await client.plants.rotate({ plantId }))).toBe('mqtts://second.example');

  await client.rollover.start();
  await client.rollover.issue({ insist: true });
  expect((await endOf(console, await client.rollover.renewPlants())).error).toBeNull();
  expect(hostOf((await client.plants.download({ plantId })).body)).toBe('mqtts://second.example');

  await client.brokers.delete({ brokerId });
  expect(hostOf(await client.plants.rotate({ plantId }))).toBe('mqtts://first.example');
});
