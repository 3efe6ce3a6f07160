// Entering a device as an operator does: its settings, then each host key after a look at it.

import { type DeviceInput, type DeviceLogin, deviceInputSchema } from '../../shared/model/device.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { TestConsole } from './console.ts';
import type { SshDevice } from './ssh-device.ts';

/** The login of a test's own server, as an operator enters it. */
export function loginOf({ authentication }: SshDevice): DeviceLogin {
  if (authentication.kind === 'agent') throw new Error('no agent in the tests');
  return authentication;
}

/** What an operator enters for `device`. */
export const entryOf = (device: SshDevice, change: Partial<DeviceInput> = {}): DeviceInput => {
  const { host, port, username, base } = device;
  return deviceInputSchema.parse({
    host,
    port,
    username,
    login: loginOf(device),
    directory: `${base}/voke`,
    ...change,
  });
};

export async function confirmKey(
  { client }: TestConsole,
  plantId: PlantId,
  role: 'jump' | 'device' = 'device',
): Promise<void> {
  const { fingerprint } = await client.plants.fetchHostKey({ plantId, role });
  await client.plants.confirmHostKey({ plantId, role, fingerprint });
}

/** Stores the device and confirms the key of each host on the way. */
export async function enterDevice(console: TestConsole, plantId: PlantId, device: DeviceInput): Promise<void> {
  await console.client.plants.putDevice({ plantId, device });
  if (device.jump) await confirmKey(console, plantId, 'jump');
  await confirmKey(console, plantId);
}
