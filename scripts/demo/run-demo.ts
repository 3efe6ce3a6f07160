// The main job from end to end, as a client of the contract: whatever happens here, a window or a program can do too.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractRouterClient } from '@orpc/contract';
import { freePorts } from '../../electron/platform/free-port.ts';
import type { Contract } from '../../shared/contract/contract.ts';
import type { BrokerTarget } from '../../shared/model/broker.ts';
import type { AuthMethod, Plant } from '../../shared/model/plant.ts';
import { plantTopic } from '../../shared/model/topics.ts';
import type { Checklist } from './checklist.ts';

export type Client = ContractRouterClient<Contract>;

const names: Readonly<Record<AuthMethod, string>> = {
  MTLS: 'Cabinet North (certificate)',
  PASSWORD: 'Cabinet South (password)',
  TOKEN: 'Cabinet East (token)',
};

/** Runs every step; the checklist throws at the first that fails. Answers the broker, for what comes after. */
export async function runDemo(
  client: Client,
  checklist: Checklist,
  target: BrokerTarget,
): Promise<{ brokerId: string }> {
  await checklist.step('Create a sealed vault', async () => {
    await client.vault.create({ passphrase: 'a passphrase for the demo only' });
  });
  await checklist.step('Make the certificate authority', async () => {
    const authority = await client.authority.create({});
    return `${authority.subject}, ${authority.keyAlgorithm}, CRL number ${authority.crl.number}`;
  });
  const { brokerId } = await checklist.step('Configure the broker', async () => {
    const [mtls = 0, password = 0, token = 0] = await freePorts(3);
    const broker = await client.brokers.create({
      name: 'Demo broker',
      target,
      host: 'localhost',
      subjectAltNames: ['127.0.0.1'],
      ports: { mtls, password, token },
    });
    await push(client, broker.brokerId);
    return broker;
  });
  const hasTokenListener = await tokenListenerIsThere(client, brokerId);
  const methods: AuthMethod[] = hasTokenListener ? ['MTLS', 'PASSWORD', 'TOKEN'] : ['MTLS', 'PASSWORD'];

  const plants = await checklist.step('Register three plants, one per auth method', async () => {
    const made = new Map<AuthMethod, Plant>();
    for (const authMethod of ['MTLS', 'PASSWORD', 'TOKEN'] as const) {
      made.set(authMethod, await client.plants.create({ name: names[authMethod], site: 'Demo', authMethod }));
    }
    return made;
  });
  const plant = (method: AuthMethod): Plant => {
    const found = plants.get(method);
    if (!found) throw new Error(`no ${method} plant`);
    return found;
  };

  for (const method of ['MTLS', 'PASSWORD', 'TOKEN'] as const) {
    await checklist.step(`${method}: provision and deploy over SSH`, async () => {
      const { plantId } = plant(method);
      await client.practice.addDevice({ plantId });
      await client.plants.provision({ plantId, brokerId });
      await finished(client, await client.plants.deploy({ plantId }));
    });
  }
  await checklist.step('Push the credentials to the broker', () => push(client, brokerId));
  await checklist.step('Open the monitor', async () => {
    await client.monitor.connect({ brokerId });
    await until('the monitor is connected', async () => {
      const state = await client.monitor.connect({ brokerId });
      return state.state === 'connected';
    });
  });
  for (const method of methods) {
    await checklist.step(`${method}: the plant connects and publishes`, async () => {
      const { plantId } = plant(method);
      await startAndExpect(client, plantId, 'connected');
      await until('signed telemetry reaches the monitor', async () => {
        const message = await client.monitor.message({ brokerId, topic: plantTopic(plantId, 'telemetry') });
        if (message?.signature === 'invalid') throw new Error('the signature of its telemetry is invalid');
        return message?.signature === 'valid';
      });
      await until('the plant is ACTIVE', async () => (await client.plants.get({ plantId })).status === 'ACTIVE');
    });
  }
  if (!hasTokenListener) {
    await checklist.step('TOKEN: the listener was left out', async () => {
      const { token } = await client.plants.issueToken({ plantId: plant('TOKEN').plantId });
      return `this Mosquitto has no JWT plugin, so the broker is not asked; a token was issued (${token.length} characters)`;
    });
  }

  await checklist.step("Another plant's topic stays silent", async () => {
    const [listener, speaker] = [plant('PASSWORD').plantId, plant('MTLS').plantId];
    const published = async () => (await deviceOf(client, speaker)).plc.publishedCount;
    const before = await published();
    const { messageCount } = await client.practice.eavesdrop({
      plantId: listener,
      topic: plantTopic(speaker, 'telemetry'),
      milliseconds: 3000,
    });
    const spoken = (await published()) - before;
    if (spoken === 0) throw new Error('the other plant said nothing meanwhile, so silence proves nothing');
    if (messageCount > 0) throw new Error(`${messageCount} foreign messages were delivered`);
    return `${spoken} messages were published there, 0 delivered`;
  });

  await checklist.step('PASSWORD: rotate', async () => {
    const { plantId } = plant('PASSWORD');
    await client.plants.rotate({ plantId, brokerId });
    await finished(client, await client.plants.deploy({ plantId }));
    await push(client, brokerId);
    await startAndExpect(client, plantId, 'connected');
    await client.plants.activate({ plantId });
    const states = (await client.plants.credentials({ plantId })).map(({ state }) => state);
    if (states.join() !== 'active,superseded') throw new Error(`credentials are ${states.join()}`);
    return 'the new password is in force, the old one superseded';
  });

  await checklist.step('MTLS: revoke, and the broker refuses it', async () => {
    const { plantId } = plant('MTLS');
    await client.plants.revoke({ plantId, reason: 'keyCompromise' });
    await push(client, brokerId);
    const reason = await startAndExpect(client, plantId, 'refused');
    return `refused: ${reason}`;
  });
  await checklist.step('The audit trail is whole', async () => {
    const trail = await client.audit.list({});
    if (trail.firstBroken !== null) throw new Error(`broken at row ${trail.firstBroken}`);
    return `${trail.total} entries`;
  });
  return { brokerId };
}

async function push(client: Client, brokerId: string): Promise<void> {
  await finished(client, await client.brokers.push({ brokerId }));
}

/** Waits for a job to end; throws its error. */
export async function finished(client: Client, { jobId }: { jobId: string }): Promise<void> {
  for await (const job of await client.jobs.watch({ jobId })) {
    if (job.state === 'failed') throw new Error(`${job.error?.code}: ${job.error?.detail}`);
  }
}

const deviceOf = async (client: Client, plantId: string) => {
  const device = (await client.practice.get()).devices.find((known) => known.plantId === plantId);
  if (!device) throw new Error('the plant has no practice device');
  return device;
};

async function startAndExpect(client: Client, plantId: string, state: 'connected' | 'refused'): Promise<string> {
  const { plc } = await client.practice.startPlc({ plantId });
  if (plc.state !== state) throw new Error(`the plant is ${plc.state}: ${plc.reason ?? 'no reason given'}`);
  return plc.reason ?? '';
}

const tokenListenerIsThere = async (client: Client, brokerId: string): Promise<boolean> => {
  const { notices } = await client.brokers.plan({ brokerId });
  return !notices.some((notice) => notice.includes('token listener'));
};

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; Date.now() < end; await sleep(50)) if (await holds()) return;
  throw new Error(`waited in vain until ${what}`);
}
