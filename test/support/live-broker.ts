// A real Mosquitto that a console runs and listens to, with a plant that may publish whatever a test makes up: a broker
// of the `plantops` profile keeps nobody apart.

import { freePorts } from '../../electron/platform/free-port.ts';
import type { ContractClient } from '../browser/support/contract-client.ts';
import { clientOf } from './push-scene.ts';

export type LiveBroker = {
  readonly brokerId: string;
  readonly port: number;
  /** Of the plant. */
  readonly login: { readonly clientId: string; readonly username: string; readonly password: string };
};

/** Registers and starts a broker, and listens to it. The vault must be open and have an authority. */
export async function startLiveBroker(client: ContractClient, name = 'Site'): Promise<LiveBroker> {
  const [mqtt = 0, webSockets = 0] = await freePorts(2);
  const { brokerId } = await client.brokers.create({
    name,
    target: { kind: 'process' },
    host: 'localhost',
    profile: 'plantops',
    ports: { mqtt, webSockets },
  });
  const { plantId } = await client.plants.create({ name: `Sender to ${name}`, authMethod: 'PASSWORD' });
  const { identity } = clientOf(await client.plants.provision({ plantId, brokerId }));
  if (!('password' in identity) || identity.username === undefined || identity.password === undefined) {
    throw new Error('a plant without a password');
  }
  const { jobId } = await client.brokers.push({ brokerId });
  for await (const job of await client.jobs.watch({ jobId })) if (job.error) throw new Error(job.error.detail);
  while ((await client.monitor.connect({ brokerId })).state !== 'connected')
    await new Promise((r) => setTimeout(r, 50));
  const { clientId, username, password } = identity;
  return { brokerId, port: mqtt, login: { clientId, username, password } };
}
