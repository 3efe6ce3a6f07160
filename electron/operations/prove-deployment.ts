// What follows once a new set of files lies on a device: brokers and client learn of it, the plant is heard over it or
// not, and only then the older credential is retired, or the older files are put back.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { OverrulableCheck } from '../../shared/model/preflight.ts';
import type { DeviceLink } from '../device/device-link.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import { putBack, restart } from './change-device.ts';
import type { OperationContext } from './context.ts';
import { activatePlant, markHandedOver, newestCredential } from './credential-lifecycle.ts';
import { deploymentSettings } from './device-contact.ts';
import { requireDevice } from './devices.ts';
import { liveCredentials } from './plants.ts';
import type { SessionWatch, WatchedPlant } from './session-watch.ts';
import type { StepRunner } from './steps.ts';

/** The step in which a plant has its new credential and is waited for. */
export const waitStep = 'Wait for its session at the broker';

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
  /**
   * Brings the brokers to know what the register says, once the files are on the device and before its client reads
   * them: a broker knows one password a plant. Left out, the operator pushes.
   */
  readonly followBrokers?: (() => Promise<void>) | undefined;
  /** Ends the waiting for a session as if its time were over; the new set is kept then. */
  readonly signal?: AbortSignal;
};

/** installed: as far as the device tells. verified: also heard over it; the older credential is retired. */
export type DeployOutcome = { readonly state: 'installed' | 'verified' | 'unverified' | 'rolledBack' };

export const listen = (
  context: OperationContext,
  plantId: PlantId,
  step: StepRunner,
  signingSecret: string,
  { sessions, brokerId }: NonNullable<DeployOptions['verify']>,
): Promise<WatchedPlant> =>
  step('Listen to the broker', () =>
    sessions.watch(
      plantId,
      {
        signingSecret,
        isOnlyCredential: liveCredentials(context, plantId).length === 1,
        isRestarted: deploymentSettings(requireDevice(context, plantId)).restartCommand !== null,
      },
      brokerId,
    ),
  );

type Proving = {
  /** Whether the client is told to read the files, which takes the device. */
  readonly needsDevice: boolean;
  /** Has the brokers and the client learn of the new files; answers with whether the plant is heard over them. */
  readonly readAnew: (device: DeviceLink | undefined) => Promise<{ readonly heard: Promise<boolean> } | undefined>;
};

/** Runs `reach`, which brings the files and then calls `readAnew`, and draws the conclusions. */
export async function proving(
  context: OperationContext,
  credential: CredentialRow,
  step: StepRunner,
  { watched, options }: { readonly watched: WatchedPlant | undefined; readonly options: DeployOptions },
  reach: (tools: Proving) => ReturnType<Proving['readAnew']>,
): Promise<DeployOutcome> {
  const { credentialId, plantId } = credential;
  const { directory, restartCommand } = deploymentSettings(requireDevice(context, plantId));
  const { verify, followBrokers } = options;
  const ended = new AbortController();
  const readAnew: Proving['readAnew'] = async (device) => {
    if (followBrokers) {
      // A broker knows one password a plant: from here on its next push brings the new one (broker-files.ts).
      noteArrival(context, credentialId);
      const following = step('Let the brokers know', followBrokers);
      if (verify?.otherwise !== 'rollBack') await following;
      else if (await following.then(() => false, isNotLocked)) return unheard;
    }
    const heard = watched && waitFor(watched, options, ended.signal);
    if (restartCommand !== null && device) {
      const run = step('Restart the MQTT client', () => restart(device, directory, restartCommand));
      if (!heard) await run;
      // Nobody will be heard then, and what happens is what the operator said for that case.
      else if (await run.then(() => false, isRestartFailure)) return unheard;
    }
    return heard && { heard };
  };
  const waiting = await reach({ needsDevice: restartCommand !== null, readAnew }).catch((error: unknown) => {
    ended.abort();
    throw error;
  });
  if (!verify || !waiting) {
    await handOver(context, credential, step);
    return { state: 'installed' };
  }
  noteArrival(context, credentialId);
  return await conclude(context, credential, step, { waiting, verify, options });
}

const stateOf = ({ vault }: OperationContext, credentialId: string) => vault.credentials.get(credentialId)?.state;

/** Unless it was heard meanwhile, and is in force. */
function noteArrival(context: OperationContext, credentialId: string): void {
  if (stateOf(context, credentialId) === 'issued') context.vault.credentials.setState(credentialId, 'deployed');
}

/**
 * No late message puts in force what is being taken away, which would retire what comes back. What was revoked meanwhile
 * stays revoked.
 */
async function takeBack(context: OperationContext, { plantId, credentialId }: CredentialRow): Promise<void> {
  const { credentials } = context.vault;
  if (stateOf(context, credentialId) === 'deployed') credentials.setState(credentialId, 'issued');
  try {
    await putBack(context, plantId);
  } catch (error) {
    // A client is restarted once the files are back.
    const isBack = error instanceof ConsoleError && error.code === 'device/restart-failed';
    const isLocked = error instanceof ConsoleError && error.code === 'vault/locked';
    if (!isBack && !isLocked) noteArrival(context, credentialId);
    throw error;
  }
}

const unheard = { heard: Promise.resolve(false) };

async function handOver(context: OperationContext, { credentialId }: CredentialRow, step: StepRunner): Promise<void> {
  const credential = context.vault.credentials.get(credentialId);
  if (!credential?.secretsAvailable) return;
  await step('Destroy the secrets in the vault', async () => markHandedOver(context, credential, 'deployed'));
}

const waitFor = (watched: WatchedPlant, { verify, signal }: DeployOptions, ended: AbortSignal): Promise<boolean> =>
  watched.waitFor({
    seconds: verify?.seconds ?? 0,
    signal: signal ? AbortSignal.any([signal, ended]) : ended,
  });

function isRestartFailure(error: unknown): true {
  if (error instanceof ConsoleError && error.code === 'device/restart-failed') return true;
  throw error;
}

function isNotLocked(error: unknown): true {
  if (error instanceof ConsoleError && error.code === 'vault/locked') throw error;
  return true;
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
  const heard = await step(waitStep, () => waiting.heard);
  if (heard && newestCredential(context, plantId).credentialId === credentialId) {
    await step('Put it in force, retire the old one', () => activatePlant(context, plantId, 'session'));
    return { state: 'verified' };
  }
  if (verify.otherwise === 'keep' || options.signal?.aborted) {
    await handOver(context, credential, step);
    return { state: 'unverified' };
  }
  // It came into force while nobody waited any more, and the older one with it out of force.
  if (stateOf(context, credentialId) === 'active') return { state: 'verified' };
  await step('Put the previous files back', () => takeBack(context, credential));
  if (options.followBrokers) await step('Let the brokers know that they are back', options.followBrokers);
  return { state: 'rolledBack' };
}
