// Bringing a plant's newest credential onto its device. Nothing is retired, and no secret destroyed, before what replaces
// it is known to be there: an unverified set leaves the old credential in force, one that was taken back leaves the new
// one's secrets in the vault.

import type { DeviceFile } from '../../shared/model/device.ts';
import { deviceFileNames } from '../../shared/model/device-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { OverrulableCheck } from '../../shared/model/preflight.ts';
import { deploy } from '../device/deploy.ts';
import type { DeviceShell } from '../device/device-shell.ts';
import { type DeploymentFile, deviceFilesOf, isKeyOnDevice, obsoleteNames } from '../device/files.ts';
import { readState } from '../device/read-state.ts';
import { restartClient } from '../device/restart.ts';
import { rollback } from '../device/rollback.ts';
import type { CredentialRow } from '../vault/rows.ts';
import { audit, type OperationContext } from './context.ts';
import { activatePlant, markHandedOver, newestCredential, openPackage } from './credential-lifecycle.ts';
import { deploymentSettings, onDevice } from './device-contact.ts';
import { noteDeviceState, noteUncertain, noteUnchanged } from './device-states.ts';
import { requireDevice } from './devices.ts';
import { liveCredentials } from './plants.ts';
import { checkDevice, requirePassed } from './preflight.ts';
import { rememberFiles } from './remember-files.ts';
import type { SessionWatch, WatchedPlant } from './session-watch.ts';
import { journalled, type StepRunner } from './steps.ts';

/** How many steps the progress bar expects. */
export const deploySteps = 4;

export type DeployOptions = {
  /** Waits for a session over the new credential. Left out, the operator's word or the first message activates it. */
  readonly verify?: {
    readonly seconds: number;
    /** When no session was seen in time: leave the new set there, or put the previous one back. */
    readonly otherwise: 'keep' | 'rollBack';
    /** Left out: wherever the plant is heard. */
    readonly brokerId?: string | undefined;
    readonly sessions: SessionWatch;
  };
  readonly overrule?: readonly OverrulableCheck[];
  /** Ends the waiting for a session as if its time were over; the new set is kept then. */
  readonly signal?: AbortSignal;
};

/** installed: as far as the device tells. verified: also heard over it; the older credential is retired. */
export type DeployOutcome = { readonly state: 'installed' | 'verified' | 'unverified' | 'rolledBack' };

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
    const { restartCommand } = deploymentSettings(requireDevice(context, plantId));
    const credential = newestCredential(context, plantId);
    if (!credential.secretsAvailable) throw new ConsoleError('device/nothing-to-deploy', { details: { plantId } });
    const provisioning = openPackage(context, credential);
    if (isKeyOnDevice(provisioning)) throw new ConsoleError('device/key-made-there', { details: { plantId } });
    rememberFiles(context, credential, provisioning);
    const { verify } = options;
    const watched =
      verify &&
      (await step('Listen to the broker', () =>
        verify.sessions.watch(
          plantId,
          {
            signingSecret: provisioning.hmacSecret,
            isOnlyCredential: liveCredentials(context, plantId).length === 1,
            isRestarted: restartCommand !== null,
          },
          verify.brokerId,
        ),
      ));
    const ended = new AbortController();
    const waiting = await bring(context, plantId, step, {
      files: deviceFilesOf(provisioning),
      overrule: options.overrule ?? [],
      restartCommand,
      beforeRestart: () => watched && waitFor(watched, options, ended.signal),
    }).catch((error: unknown) => {
      ended.abort();
      throw error;
    });
    if (!verify || !waiting) {
      await step('Destroy the secrets in the vault', async () => markHandedOver(context, credential, 'deployed'));
      return { state: 'installed' };
    }
    // A broker knows one password a plant: from here on its next push brings the new one (broker-files.ts).
    context.vault.credentials.setState(credential.credentialId, 'deployed');
    return await conclude(context, credential, step, { waiting, verify, options });
  });
}

const waitFor = (watched: WatchedPlant, { verify, signal }: DeployOptions, ended: AbortSignal): Promise<boolean> =>
  watched.waitFor({
    seconds: verify?.seconds ?? 0,
    signal: signal ? AbortSignal.any([signal, ended]) : ended,
  });

type Bringing = {
  readonly files: readonly DeploymentFile[];
  readonly overrule: readonly OverrulableCheck[];
  readonly restartCommand: string | null;
  /** Called when the files are there and before the client is restarted. */
  readonly beforeRestart: () => Promise<boolean> | undefined;
};

/** Over one connection: look, install, restart. */
async function bring(
  context: OperationContext,
  plantId: PlantId,
  step: StepRunner,
  { files, overrule, restartCommand, beforeRestart }: Bringing,
): Promise<{ readonly heard: Promise<boolean> } | undefined> {
  const { directory, owner } = deploymentSettings(requireDevice(context, plantId));
  return await onDevice(context, plantId, async (shell) => {
    await step('Look at the device', async () => {
      requirePassed(await checkDevice(context, plantId, shell, files), overrule);
    });
    await step('Install and read back', () =>
      changing(
        context,
        plantId,
        shell,
        directory,
        () => deploy(shell, { directory, files, obsolete: obsoleteNames(files), ...(owner !== null && { owner }) }),
        true,
      ),
    );
    const heard = beforeRestart();
    if (restartCommand !== null) {
      const run = step('Restart the MQTT client', () => restart(shell, directory, restartCommand));
      if (!heard) await run;
      // Nobody will be heard then, and what happens is what the operator said for that case.
      else if (await run.then(() => false, isRestartFailure)) return { heard: Promise.resolve(false) };
    }
    return heard && { heard };
  });
}

/** A device that goes down with its restart command hangs up; it is heard again, or it is not. */
async function restart(shell: DeviceShell, directory: string, command: string): Promise<void> {
  try {
    await restartClient(shell, directory, command);
  } catch (error) {
    if (!(error instanceof ConsoleError && error.code === 'remote/connection-lost')) throw error;
  }
}

function isRestartFailure(error: unknown): true {
  if (error instanceof ConsoleError && error.code === 'device/restart-failed') return true;
  throw error;
}

/** Failures after which the device's own word is needed to know what it holds. */
const leavesUncertain = (error: unknown): boolean =>
  !(error instanceof ConsoleError) ||
  error.code.startsWith('remote/') ||
  error.code === 'device/unconfirmed' ||
  error.code === 'device/hash-mismatch';

/** Changes the device's files, and remembers what it holds then, or that nobody knows. */
async function changing(
  context: OperationContext,
  plantId: PlantId,
  shell: DeviceShell,
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
  noteDeviceState(context, plantId, await readState(shell, directory, deviceFileNames), {
    keepSecrets,
    isOurChange: true,
  });
}

async function conclude(
  context: OperationContext,
  credential: CredentialRow,
  step: StepRunner,
  {
    waiting,
    verify,
    options,
  }: {
    waiting: { readonly heard: Promise<boolean> };
    verify: NonNullable<DeployOptions['verify']>;
    options: DeployOptions;
  },
): Promise<DeployOutcome> {
  const { plantId, credentialId } = credential;
  const heard = await step('Wait for its session at the broker', () => waiting.heard);
  if (heard && newestCredential(context, plantId).credentialId === credentialId) {
    await step('Put it in force, retire the old one', () => activatePlant(context, plantId, 'session'));
    return { state: 'verified' };
  }
  if (verify.otherwise === 'keep' || options.signal?.aborted) {
    await step('Destroy the secrets in the vault', async () => markHandedOver(context, credential, 'deployed'));
    return { state: 'unverified' };
  }
  await step('Put the previous files back', () => putBack(context, plantId));
  context.vault.credentials.setState(credentialId, 'issued');
  return { state: 'rolledBack' };
}

/** Puts the previous generation back and lets the client read it. */
export async function putBack(context: OperationContext, plantId: PlantId): Promise<void> {
  const { directory, restartCommand } = deploymentSettings(requireDevice(context, plantId));
  await onDevice(context, plantId, async (shell) => {
    await changing(context, plantId, shell, directory, () => rollback(shell, directory, deviceFileNames), false);
    audit(context, 'device.roll-back', plantId);
    if (restartCommand !== null) await restart(shell, directory, restartCommand);
  });
}
