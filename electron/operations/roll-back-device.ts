import { deviceFileNames } from '../../shared/model/device-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { Mended } from '../device/mend.ts';
import type { DeviceStateRow } from '../vault/rows/devices.ts';
import { putBack } from './change-device.ts';
import type { OperationContext } from './context.ts';
import { deploymentSettings, onDevice } from './device-contact.ts';
import { noteDeviceState } from './device-states.ts';
import { requireDevice } from './devices.ts';
import { liveStates } from './plants.ts';
import { endCutOff } from './preflight.ts';
import { journalled, type StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const rollBackSteps = 2;

/**
 * Puts the previous generation of files back on the plant's device; a second time undoes the first.
 * Throws `device/no-previous-generation`, `device/previous-retired` unless `evenIfRetired`, and like `deployPlant`.
 */
export async function rollBackDevice(
  context: OperationContext,
  plantId: PlantId,
  runStep: StepRunner,
  { evenIfRetired }: { readonly evenIfRetired: boolean },
): Promise<void> {
  await journalled(context, 'rollBack', plantId, runStep, async (step) => {
    const { previousKept, previousCredentialId, mended } = await step('Look at the device', () =>
      lookAtDevice(context, plantId),
    );
    // What had been cut off is undone: the device went back to what was before it.
    if (mended === 'putBack') return;
    if (!previousKept) throw new ConsoleError('device/no-previous-generation', { details: { plantId } });
    const previous = previousCredentialId === null ? undefined : context.vault.credentials.get(previousCredentialId);
    if (previous && !liveStates.includes(previous.state) && !evenIfRetired) {
      throw new ConsoleError('device/previous-retired', { details: { plantId, state: previous.state } });
    }
    await step('Put the previous files back', () => putBack(context, plantId));
  });
}

/**
 * Reads what the device holds, ends what was cut off there, and remembers it. `mended`: how that ended, if there was
 * anything. `keepSecrets`: of a credential that is found there. Throws what connecting throws.
 */
export async function lookAtDevice(
  context: OperationContext,
  plantId: PlantId,
  { keepSecrets = false }: { readonly keepSecrets?: boolean } = {},
): Promise<DeviceStateRow & { readonly mended: Mended | undefined }> {
  const { directory } = deploymentSettings(requireDevice(context, plantId));
  return await onDevice(context, plantId, async (device) => {
    const look = () => device.readState(directory, deviceFileNames);
    const state = await look();
    const mended = state.installation === 'cutOff' ? await endCutOff(context, plantId, device, directory) : undefined;
    return { ...noteDeviceState(context, plantId, mended ? await look() : state, { keepSecrets }), mended };
  });
}
