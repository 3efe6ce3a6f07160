import type { PlantId } from '../../shared/model/plant.ts';
import type { DeviceShell } from '../device/device-shell.ts';
import type { DeviceRow } from '../vault/rows.ts';
import type { OperationContext } from './context.ts';
import { connectToDevice } from './devices.ts';

/** Logs in to the plant's device, has `work` run scripts there, and hangs up. Throws like `connectToDevice`. */
export async function onDevice<T>(
  context: OperationContext,
  plantId: PlantId,
  work: (shell: DeviceShell) => Promise<T>,
): Promise<T> {
  const session = await connectToDevice(context, plantId);
  try {
    return await work({ run: (script, options) => session.runScript(script, options) });
  } finally {
    session.close();
  }
}

/** What a deployment needs to know of a device beside its address. */
export const deploymentSettings = (
  device: DeviceRow & { readonly owner?: string | null; readonly restartCommand?: string | null },
): { readonly directory: string; readonly owner: string | null; readonly restartCommand: string | null } => ({
  directory: device.directory,
  owner: device.owner ?? null,
  restartCommand: device.restartCommand ?? null,
});
