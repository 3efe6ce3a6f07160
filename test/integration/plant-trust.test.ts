// The CA file of a device is replaced by itself, over every transport: whatever else lies there stays, to the byte.

import { readdir, readFile, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePorts } from '../../electron/platform/free-port.ts';
import { pemBlocks } from '../../electron/platform/pem-blocks.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { enterDevice, entryOf } from '../support/device-entry.ts';
import { disposeChecked } from '../support/everything-issued.ts';
import { endOf } from '../support/jobs.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

let console: TestConsole;
beforeEach(async () => {
  console = await startCommissioned();
});
afterEach(() => disposeChecked(console));

const bring = async () => endOf(console, await console.client.rollover.bringTrust());
const waiting = async () => (await console.client.rollover.get()).plants.map(({ name, needs }) => `${name}: ${needs}`);

async function deployed(device: SshDevice, transport: 'shell' | 'sftp' | 'scp'): Promise<PlantId> {
  const { client } = console;
  const { plantId } = await client.plants.create({ name: 'Pump', authMethod: 'MTLS' });
  await client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });
  await enterDevice(console, plantId, entryOf(device, { transport }));
  expect((await endOf(console, await client.plants.deploy({ plantId }))).error).toBeNull();
  await client.plants.activate({ plantId });
  return plantId;
}

/** Every file by name, with its mode and content. */
async function filesIn(device: SshDevice): Promise<Map<string, string>> {
  const directory = device.locally(`${device.base}/voke`);
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.'));
  const file = async (name: string): Promise<[string, string]> => {
    const path = `${directory}/${name}`;
    return [name, `${((await stat(path)).mode & 0o777).toString(8)} ${await readFile(path, 'utf8')}`];
  };
  return new Map(await Promise.all(names.map(file)));
}

describeWith(
  'sshd',
  'ssh-keygen',
  'scp',
)('on a device', () => {
  let device: SshDevice;
  beforeEach(async () => {
    device = await startSshd({ lines: ['Subsystem sftp internal-sftp'] });
  });
  afterEach(() => device.stop());

  it.each(['shell', 'sftp', 'scp'] as const)(
    'over %s gets the next authority beside the old one',
    async (transport) => {
      const { client } = console;
      const plantId = await deployed(device, transport);
      const before = await filesIn(device);
      await client.rollover.start();
      expect(await waiting()).toEqual(['Pump: trust']);
      expect((await bring()).error).toBeNull();
      expect(await waiting()).toEqual([]);
      const after = await filesIn(device);
      expect([...after.keys()]).toEqual([...before.keys()]);
      for (const [name, content] of before) {
        if (name !== 'ca.crt') expect([name, after.get(name)]).toEqual([name, content]);
      }
      const caFile = (after.get('ca.crt') ?? '').replace(/^644 /, '');
      expect(pemBlocks(caFile, 'CERTIFICATE')).toHaveLength(2);
      expect((await client.plants.get({ plantId })).deployment).toBe('matched');

      // Going back finds a whole set, which trusts the old one only.
      expect((await endOf(console, await client.plants.rollBackDevice({ plantId }))).error).toBeNull();
      expect(await filesIn(device)).toEqual(before);
      expect((await client.plants.get({ plantId })).deployment).toBe('matched');
      expect(await waiting()).toEqual(['Pump: trust']);
    },
  );

  it('is left alone when it holds nothing of this plant, and the others get it', async () => {
    const { client } = console;
    await deployed(device, 'shell');
    const { plantId } = await client.plants.create({ name: 'Handed over', authMethod: 'PASSWORD' });
    await client.plants.provision({ plantId });
    await client.plants.download({ plantId });
    await enterDevice(console, plantId, entryOf(device, { directory: `${device.base}/other` }));
    const [port = 0] = await freePorts(1);
    const gone = await client.plants.create({ name: 'Gone', authMethod: 'PASSWORD' });
    await client.plants.provision({ plantId: gone.plantId });
    await client.plants.download({ plantId: gone.plantId });
    const address = { host: '127.0.0.1', port, username: 'admin', login: { kind: 'password' as const, password: 'x' } };
    await client.plants.putDevice({ plantId: gone.plantId, device: address });

    await client.rollover.start();
    const job = await bring();
    expect(job.error).toMatchObject({ code: 'authority/trust-incomplete', detail: expect.stringContaining('2 of 3') });
    expect(job.steps.map(({ name, state }) => `${name}: ${state}`).sort()).toEqual([
      'Find who does not trust it yet: done',
      'Gone: failed',
      'Handed over: failed',
      'Pump: done',
    ]);
    expect(await waiting()).toEqual(['Gone: trust', 'Handed over: trust']);
  });
});

describe('a credential that never left the vault', () => {
  it('is issued anew with both authorities', async () => {
    const { client } = console;
    const { plantId } = await client.plants.create({ name: 'New', authMethod: 'MTLS' });
    await client.plants.provision({ plantId, keyAlgorithm: 'EC-P256' });
    await client.rollover.start();
    expect(await waiting()).toEqual(['New: trust']);
    expect((await bring()).error).toBeNull();
    expect(await waiting()).toEqual([]);
    const { body } = await client.plants.download({ plantId });
    expect(pemBlocks(body.tls.caCertPem, 'CERTIFICATE')).toHaveLength(2);
  });
});
