import { deviceFileNames } from '../../shared/model/device-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
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
    const { previousKept, previousCredentialId } = await step('Look at the device', () =>
      lookAtDevice(context, plantId),
    );
    if (!previousKept) throw new ConsoleError('device/no-previous-generation', { details: { plantId } });
    const previous = previousCredentialId === null ? undefined : context.vault.credentials.get(previousCredentialId);
    if (previous && !liveStates.includes(previous.state) && !evenIfRetired) {
      throw new ConsoleError('device/previous-retired', { details: { plantId, state: previous.state } });
    }
    await step('Put the previous files back', () => putBack(context, plantId));
  });
}

/**
 * Reads what the device holds, ends what was cut off there, and remembers it. `keepSecrets`: of a credential that is
 * found there. Throws what connecting throws.
 */
export async function lookAtDevice(
  context: OperationContext,
  plantId: PlantId,
  { keepSecrets = false }: { readonly keepSecrets?: boolean } = {},
) {
  const { directory } = deploymentSettings(requireDevice(context, plantId));
  return await onDevice(context, plantId, async (device) => {
    const look = () => device.readState(directory, deviceFileNames);
    let state = await look();
    if (state.installation === 'cutOff') {
      await endCutOff(context, plantId, device, directory);
      state = await look();
    }
    return noteDeviceState(context, plantId, state, { keepSecrets });
  });
}
