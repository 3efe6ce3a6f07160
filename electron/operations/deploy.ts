import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { OverrulableCheck } from '../../shared/model/preflight.ts';
import type { DeviceLink } from '../device/device-link.ts';
import { type DeploymentFile, deviceFilesOf, isKeyOnDevice, obsoleteNames } from '../device/files.ts';
import { changing } from './change-device.ts';
import type { OperationContext } from './context.ts';
import { newestCredential, openPackage } from './credential-lifecycle.ts';
import { deploymentSettings, onDevice } from './device-contact.ts';
import { requireDevice } from './devices.ts';
import { checkDevice, requirePassed } from './preflight.ts';
import { type DeployOptions, type DeployOutcome, listen, proving } from './prove-deployment.ts';
import { rememberFiles } from './remember-files.ts';
import { journalled, type StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const deploySteps = 4;

/**
 * Brings the newest issued credential onto the plant's device, all files or none.
 * Throws `device/nothing-to-deploy`, `device/not-found`, `remote/*`, `device/*`, and what `sessions.watch` throws; then
 * `plants.deviceState` tells what the device holds, or that it is not known.
 */
export async function deployPlant(
  context: OperationContext,
  plantId: PlantId,
  runStep: StepRunner,
  options: DeployOptions = {},
): Promise<DeployOutcome> {
  return await journalled(context, 'deploy', plantId, runStep, async (step) => {
    requireDevice(context, plantId);
    const credential = newestCredential(context, plantId);
    if (!credential.secretsAvailable) throw new ConsoleError('device/nothing-to-deploy', { details: { plantId } });
    const provisioning = openPackage(context, credential);
    if (isKeyOnDevice(provisioning)) throw new ConsoleError('device/key-made-there', { details: { plantId } });
    rememberFiles(context, credential, provisioning);
    const { verify } = options;
    const watched = verify && (await listen(context, plantId, step, provisioning.hmacSecret, verify));
    const files = deviceFilesOf(provisioning);
    return await proving(context, credential, step, { watched, options }, (tools) =>
      onDevice(context, plantId, async (device) => {
        await install(context, plantId, device, step, { files, overrule: options.overrule ?? [] });
        return await tools.readAnew(device);
      }),
    );
  });
}

/**
 * Brings into force what lies on the device already, as `deployPlant` would, without touching its files. For a
 * deployment whose end nobody saw, or whose session did not come in time. Throws like `deployPlant`.
 */
export async function confirmDeployment(
  context: OperationContext,
  plantId: PlantId,
  runStep: StepRunner,
  options: DeployOptions = {},
): Promise<DeployOutcome> {
  return await journalled(context, 'deploy', plantId, runStep, async (step) => {
    const credential = newestCredential(context, plantId);
    const secret = context.vault.credentialFiles.signingSecret(credential.credentialId);
    if (secret === undefined) throw new ConsoleError('device/nothing-to-deploy', { details: { plantId } });
    const watched = options.verify && (await listen(context, plantId, step, secret, options.verify));
    return await proving(context, credential, step, { watched, options }, (tools) =>
      tools.needsDevice ? onDevice(context, plantId, tools.readAnew) : tools.readAnew(undefined),
    );
  });
}

async function install(
  context: OperationContext,
  plantId: PlantId,
  device: DeviceLink,
  step: StepRunner,
  { files, overrule }: { readonly files: readonly DeploymentFile[]; readonly overrule: readonly OverrulableCheck[] },
): Promise<void> {
  const { directory, owner } = deploymentSettings(requireDevice(context, plantId));
  await step('Look at the device', async () => {
    requirePassed(await checkDevice(context, plantId, device, files), overrule);
  });
  await step('Install and read back', () =>
    changing(
      context,
      plantId,
      device,
      directory,
      () => device.deploy({ directory, files, obsolete: obsoleteNames(files), ...(owner !== null && { owner }) }),
      true,
    ),
  );
}
