// How many devices are looked at at a time. The server here refuses whoever comes while eight have not logged in yet: it
// learns of a login a moment after the console does, so that four at a time may look like twice as many there.

import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PlantId } from '../../shared/model/plant.ts';
import { startCommissioned, type TestConsole } from '../support/console.ts';
import { entryOf } from '../support/device-entry.ts';
import { onDevice } from '../support/devices.ts';
import { endOf } from '../support/jobs.ts';
import { type Link, startLink } from '../support/link.ts';
import { describeWith } from '../support/requirements.ts';
import type { SshDevice } from '../support/ssh-device.ts';
import { startSshd } from '../support/sshd.ts';

describeWith('sshd', 'ssh-keygen')('a scan', () => {
  let console: TestConsole;
  let device: SshDevice;
  let link: Link;
  const plantIds: PlantId[] = [];

  beforeAll(async () => {
    console = await startCommissioned();
    device = await startSshd({ lines: ['MaxStartups 8:100:8'] });
    link = await startLink(device.port);
    for (let number = 0; number < 40; number += 1) {
      const { plantId } = await console.client.plants.create({ name: `Plant ${number}`, authMethod: 'MTLS' });
      const entry = entryOf({ ...device, port: link.port }, { directory: `${device.base}/voke-${number}` });
      await console.client.plants.putDevice({ plantId, device: entry });
      await console.client.plants.confirmHostKey({ plantId, fingerprint: device.fingerprint });
      plantIds.push(plantId);
    }
  });
  afterAll(async () => {
    await console.dispose();
    await link.stop();
    await device.stop();
  });

  it('makes few handshakes at a time with one host, and looks at sixteen devices at most', async () => {
    // The server does refuse when more come at once.
    const crowd = await Promise.allSettled(Array.from({ length: 24 }, () => onDevice(device, async () => {})));
    expect(crowd.filter(({ status }) => status === 'rejected')).not.toEqual([]);

    const { error, steps } = await endOf(console, await console.client.devices.scan({ plantIds }));
    expect(error).toBeNull();
    expect(steps.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(link.mostAtOnce()).toBeGreaterThan(1);
    expect(link.mostAtOnce()).toBeLessThanOrEqual(16);
    for (const plantId of plantIds) {
      expect((await console.client.plants.deviceState({ plantId })).seenAt).not.toBeNull();
    }
  });

  it('goes on past a device that cannot be reached, and names it', async () => {
    const [plantId] = plantIds;
    const known = plantId && (await console.client.plants.getDevice({ plantId }));
    if (!known) throw new Error('no device');
    const gone = await startLink(device.port);
    await console.client.plants.putDevice({ plantId, device: entryOf({ ...device, port: gone.port }) });
    await console.client.plants.confirmHostKey({ plantId, fingerprint: device.fingerprint });
    await gone.stop();
    const { steps } = await endOf(console, await console.client.devices.scan({ plantIds: plantIds.slice(0, 8) }));
    expect(steps.filter(({ state }) => state === 'failed').map(({ name }) => name)).toEqual(['Plant 0']);
    expect(steps.find(({ name }) => name.startsWith('Devices 1 to 8'))).toMatchObject({ state: 'done' });
  });
});
