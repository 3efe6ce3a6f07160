// How the console comes to a device: each host on the way has its own confirmed key, and its own login or that of the
// device. What is stored for a place goes there and nowhere else (devices.ts).

import type { DeviceHostRole, DeviceSecret, HostKey } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { RemoteTarget } from '../remote/connect.ts';
import { fetchHostKey } from '../remote/host-key.ts';
import type { DeviceRow } from '../vault/rows/devices.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { requireDevice, storedSecret } from './devices.ts';
import { type Hop, wayTo, wayToJump } from './ssh-way.ts';

/** Throws `remote/host-key-unknown` for the first host on the way whose key nobody has confirmed. */
export const wayToDevice = (device: DeviceRow, secret: DeviceSecret): RemoteTarget =>
  wayTo({ ...device, fingerprint: device.hostKeyFingerprint }, jumpHop(device), secret);

/** Where handshakes meet: small servers refuse a fifth at once, and a jump host has all of its devices' before it. */
export const doorOf = ({ host, port, jump }: DeviceRow): string =>
  jump ? `${jump.host}:${jump.port}` : `${host}:${port}`;

/**
 * The key that the host shows now, for the operator to compare. Nothing is sent to it; a jump host before it is logged
 * in to. Throws `device/not-found`, `input/invalid` for a host that is not on the way, `remote/host-key-unknown` while
 * the jump host's key is not confirmed, and what connecting throws.
 */
export async function readHostKey(context: OperationContext, plantId: PlantId, role: DeviceHostRole): Promise<HostKey> {
  const device = requireDevice(context, plantId);
  const { host, port, allowsLegacyAlgorithms } = device;
  const jump = jumpHop(device);
  const server =
    role === 'jump'
      ? requireJump(device)
      : {
          host,
          port,
          allowsLegacyAlgorithms,
          ...(jump && { jump: wayToJump(jump, storedSecret(context, plantId)) }),
        };
  return await context.handshakes.run(doorOf(device), () => fetchHostKey(server));
}

/** `fingerprint`: as the operator saw and compared it. Throws `device/not-found`, `input/invalid` like `readHostKey`. */
export function confirmHostKey(
  context: OperationContext,
  plantId: PlantId,
  role: DeviceHostRole,
  fingerprint: string,
): void {
  const device = requireDevice(context, plantId);
  const { host, port } = role === 'jump' ? requireJump(device) : device;
  context.vault.transaction(() => {
    context.vault.devices.pinHostKey(plantId, role, fingerprint, timestamp(context));
    audit(context, 'device.confirm-host-key', plantId, { role, host, port, fingerprint });
  });
  context.changed('devices');
}

function requireJump(device: DeviceRow): Hop {
  const jump = jumpHop(device);
  if (jump) return jump;
  throw new ConsoleError('input/invalid', { fields: [{ field: 'role', message: 'this device has no jump host' }] });
}

/** Outdated algorithms are allowed to the device alone, never to a host on the way. */
const jumpHop = ({ jump, jumpHostKeyFingerprint }: DeviceRow): Hop | undefined =>
  jump ? { ...jump, fingerprint: jumpHostKeyFingerprint } : undefined;
