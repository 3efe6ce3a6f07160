import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { deploy } from '../device/deploy.ts';
import { deviceFilesOf, obsoleteNames } from '../device/files.ts';
import type { OperationContext } from './context.ts';
import { markHandedOver, newestCredential, openPackage } from './credential-lifecycle.ts';
import { connectToDevice, requireDevice } from './devices.ts';
import { journalled, type StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const deploySteps = 3;

/**
 * Brings the newest issued credential onto the plant's device, all files or none.
 * Its secrets are destroyed in the vault once the device has confirmed them by their hashes.
 * Throws `device/nothing-to-deploy`, `device/not-found`, `remote/*` and `device/*`.
 */
export async function deployPlant(context: OperationContext, plantId: PlantId, runStep: StepRunner): Promise<void> {
  await journalled(context, 'deploy', plantId, runStep, async (step) => {
    const { directory } = requireDevice(context, plantId);
    const credential = newestCredential(context, plantId);
    if (!credential.secretsAvailable) throw new ConsoleError('device/nothing-to-deploy', { details: { plantId } });
    const files = deviceFilesOf(openPackage(context, credential));

    const session = await step('Connect to the device', () => connectToDevice(context, plantId));
    try {
      await step('Install and read back', () =>
        deploy(
          { run: (script, options) => session.runScript(script, options) },
          { directory, files, obsolete: obsoleteNames(files) },
        ),
      );
    } finally {
      session.close();
    }
    await step('Destroy the secrets in the vault', async () => {
      markHandedOver(context, credential, 'deployed');
    });
  });
}
