// Calls of the contract that come while others wait: a broker that is deleted, or a vault that is locked, is not listened
// to afterwards.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../electron/platform/free-port.ts';
import { passphrase, startCommissioned, type TestConsole } from '../support/console.ts';

const turns = [0, 1, 2, 4, 8];
const wait = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((next) => setImmediate(next));
};

describe('a monitor that is asked for', () => {
  let console: TestConsole;
  let brokerId: string;

  beforeEach(async () => {
    console = await startCommissioned();
    const [mqtt = 0, webSockets = 0] = await freePorts(2);
    const target = { kind: 'process' } as const;
    const ports = { mqtt, webSockets };
    ({ brokerId } = await console.client.brokers.create({
      name: 'Site',
      target,
      host: 'localhost',
      profile: 'plantops',
      ports,
    }));
  });
  afterEach(() => console.dispose());

  it.each(turns)('is none of a broker that is deleted %i turns later', async (count) => {
    const { brokers, monitor } = console.client;
    await monitor.connect({ brokerId });
    const deleting = brokers.delete({ brokerId });
    await wait(count);
    await Promise.allSettled([monitor.connect({ brokerId, filters: ['other/#'] }), deleting]);
    expect((await brokers.list()).length).toBe(0);
    expect(await monitor.list()).toEqual([]);
  });

  it.each([
    ['replaced', (client: TestConsole['client']) => client.monitor.connect({ brokerId, filters: ['other/#'] })],
    ['stopped', (client: TestConsole['client']) => client.brokers.delete({ brokerId })],
    ['locked', (client: TestConsole['client']) => client.vault.lock()],
  ] as const)('ends a recording as %s, by what it ends by', async (ending, end) => {
    const { client } = console;
    await client.monitor.connect({ brokerId });
    const { recordingId } = await client.recordings.start({ brokerId });
    await client.monitor.disconnect({ brokerId });
    await client.monitor.connect({ brokerId });
    await end(client);
    await client.vault.unlock({ passphrase });
    const row = async () => (await client.recordings.list()).find((one) => one.recordingId === recordingId)?.ending;
    await expect.poll(row, { timeout: 10_000 }).toBe(ending);
  });

  it.each(turns)('is none of a vault that is locked %i turns later', async (count) => {
    const { fleet, monitor, vault } = console.client;
    const asked = [monitor.connect({ brokerId, filters: ['other/#'] }), fleet.listen()];
    await wait(count);
    await vault.lock();
    await Promise.allSettled(asked);
    await vault.unlock({ passphrase });
    expect(await monitor.list()).toEqual([]);
  });
});
