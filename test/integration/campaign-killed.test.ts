// The console is killed twice during a campaign of 50, with devices in the middle of their files being replaced. Each
// device holds the old set whole or the new set whole, and the next console gets it done without issuing anything twice.

import { spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { middleStates } from '../../shared/model/campaign.ts';
import { passphrase, startCommissioned, startConsole, type TestConsole } from '../support/console.ts';
import { addFieldPlant, campaignEnd, type FieldPlant } from '../support/fleet.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

const fleetSize = 50;
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const work of cleanUp.splice(0).reverse()) await work();
});

async function makeFleet(console: TestConsole, server: SshDevice): Promise<FieldPlant[]> {
  const plants: FieldPlant[] = [];
  for (let index = 0; index < fleetSize; index += 1)
    plants.push(await addFieldPlant(console, server, `Plant ${index}`));
  return plants;
}

/** Starts the campaign in a process of its own, which is killed when so many plants are done. */
async function dieAt(enough: number, dataDirectory: string, campaignId: string): Promise<void> {
  const script = join(import.meta.dirname, '..', 'support', 'dying-campaign.ts');
  const dying = spawn(process.execPath, [script, dataDirectory, campaignId, String(enough)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [dying.stdout, dying.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [, signal] = await once(dying, 'close');
  expect({ signal, said }).toEqual({ signal: 'SIGKILL', said: '' });
}

/** The serial number of the certificate that lies there beside its key. */
async function wholeSet({ directory }: FieldPlant): Promise<string> {
  const read = (name: string) => readFile(join(directory, name), 'utf8');
  const certificate = new X509Certificate(await read('device.crt'));
  expect(certificate.checkPrivateKey(createPrivateKey(await read('device.key')))).toBe(true);
  return certificate.serialNumber;
}

const planFor = async ({ client }: TestConsole, plants: readonly FieldPlant[]): Promise<string> => {
  const selection = { kind: 'plants' as const, plantIds: plants.map(({ plantId }) => plantId) };
  const settings = { name: 'Rotation', verify: null, parallel: 8 };
  return (await client.campaigns.create({ selection, settings })).campaignId;
};

describeWith('sshd', 'ssh-keygen')('a console that is killed during a campaign', () => {
  it('leaves whole sets behind, and the next one gets all of them done', async () => {
    const first = await startCommissioned();
    const { dataDirectory } = first;
    const server = await startSshd();
    cleanUp.push(() => server.stop());
    const plants = await makeFleet(first, server);
    const campaignId = await planFor(first, plants);
    await first.client.campaigns.start({ campaignId });
    expect(await campaignEnd(first, campaignId)).toMatchObject({ counts: { done: fleetSize } });
    const rotation = await planFor(first, plants);
    await first.core.close();

    await dieAt(5, dataDirectory, rotation);
    await dieAt(25, dataDirectory, rotation);

    const console = await startConsole({ dataDirectory });
    cleanUp.push(() => console.dispose());
    await console.client.vault.unlock({ passphrase });
    const cutOff = await console.client.campaigns.get({ campaignId: rotation });
    expect(cutOff).toMatchObject({ state: 'paused', pausedBecause: 'consoleStopped' });
    expect(cutOff.rows.filter(({ state }) => middleStates.includes(state)).length).toBeGreaterThan(0);
    for (const plant of plants) await wholeSet(plant);

    await console.client.campaigns.start({ campaignId: rotation });
    const ended = await campaignEnd(console, rotation);
    expect(ended).toMatchObject({ state: 'finished', counts: { done: fleetSize, failed: 0 } });
    for (const plant of plants) {
      const credentials = await console.client.plants.credentials({ plantId: plant.plantId });
      // One of the first campaign, one of this one, and at most one that a console was killed over before it left the vault.
      expect(credentials.filter(({ state }) => state === 'deployed')).toHaveLength(2);
      const held = await wholeSet(plant);
      expect(held.toLowerCase()).toBe(credentials[0]?.certificateSerialNumber?.toLowerCase());
      expect((await readdir(plant.directory)).filter((name) => name === '.incoming' || name === '.installing')).toEqual(
        [],
      );
      expect((await console.client.plants.get({ plantId: plant.plantId })).deployment).toBe('onDevice');
    }
  }, 240_000);
});
