// Every change of a device's files goes through here, so that what it holds is known afterwards, or known to be unknown.

import type { DeviceFile } from '../../shared/model/device.ts';
import { deviceFileNames } from '../../shared/model/device-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { DeviceLink } from '../device/device-link.ts';
import { audit, type OperationContext } from './context.ts';
import { deploymentSettings, onDevice } from './device-contact.ts';
import { noteDeviceState, noteUncertain, noteUnchanged } from './device-states.ts';
import { requireDevice } from './devices.ts';

/** Failures after which the device's own word is needed to know what it holds. */
const leavesUncertain = (error: unknown): boolean =>
  !(error instanceof ConsoleError) ||
  error.code.startsWith('remote/') ||
  error.code === 'device/unconfirmed' ||
  error.code === 'device/hash-mismatch';

/** Changes the device's files, and remembers what it holds then, or that nobody knows. */
export async function changing(
  context: OperationContext,
  plantId: PlantId,
  device: DeviceLink,
  directory: string,
  change: () => Promise<{ files: DeviceFile[] }>,
  keepSecrets: boolean,
): Promise<void> {
  const before = noteUncertain(context, plantId);
  try {
    await change();
  } catch (error) {
    if (!leavesUncertain(error)) noteUnchanged(context, before);
    throw error;
  }
  noteDeviceState(context, plantId, await device.readState(directory, deviceFileNames), {
    keepSecrets,
    isOurChange: true,
  });
}

/** A device that goes down with its restart command hangs up; it is heard again, or it is not. */
export async function restart(device: DeviceLink, directory: string, command: string): Promise<void> {
  try {
    await device.restartClient(directory, command);
  } catch (error) {
    if (!(error instanceof ConsoleError && error.code === 'remote/connection-lost')) throw error;
  }
}

/** Puts the previous generation back and lets the client read it. */
export async function putBack(context: OperationContext, plantId: PlantId): Promise<void> {
  const { directory, restartCommand } = deploymentSettings(requireDevice(context, plantId));
  await onDevice(context, plantId, async (device) => {
    await changing(context, plantId, device, directory, () => device.rollback(directory, deviceFileNames), false);
    audit(context, 'device.roll-back', plantId);
    if (restartCommand !== null) await restart(device, directory, restartCommand);
  });
}
