// The CA file of a plant, replaced by itself: the next authority gets in beside the old one, or one whose key leaked gets
// out, and the credential stays what it is. A credential that never left the vault is issued anew instead.

import { deviceFileNames } from '../../shared/model/device-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { caFileOf } from '../device/files.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import { authoritiesForPlants, authorityFile } from './authority.ts';
import { changing, restart } from './change-device.ts';
import { audit, type OperationContext } from './context.ts';
import { issueBeside } from './credential-lifecycle.ts';
import { deploymentSettings, onDevice } from './device-contact.ts';
import { requireDevice } from './devices.ts';
import { requirePlant } from './plants.ts';
import { checkDevice, requirePassed } from './preflight.ts';
import { type PlantProgress, plantProgress } from './rollover-progress.ts';
import type { StepRunner } from './steps.ts';

type Taking = (plantId: PlantId) => () => void;

/**
 * Brings the CA file to every plant that needs it and that the console can reach. `take` makes sure that nothing else is
 * brought there meanwhile. Goes on after a plant that failed; then throws `authority/trust-incomplete`.
 */
export async function bringTrust(context: OperationContext, step: StepRunner, take: Taking): Promise<void> {
  const progress = await step('Find who does not trust it yet', () => plantProgress(context));
  const reachable = new Set(context.vault.devices.list().map(({ plantId }) => plantId));
  const waiting = progress.filter(
    ({ needs, plant, credential }) => needs === 'trust' && (reachable.has(plant.plantId) || isInVault(credential)),
  );
  const failed: string[] = [];
  for (const one of waiting) {
    const { plantId, name } = one.plant;
    await step(name, async () => {
      const release = take(plantId);
      try {
        await bringTo(context, one);
      } finally {
        release();
      }
    }).catch(() => failed.push(name));
  }
  if (failed.length === 0) return;
  throw new ConsoleError('authority/trust-incomplete', {
    because: `${failed.length} of ${waiting.length}: ${failed.slice(0, 5).join(', ')}`,
    details: { plants: failed.slice(0, 20) },
  });
}

const isInVault = ({ state, secretsAvailable }: CredentialRow): boolean => state === 'issued' && secretsAvailable;

async function bringTo(context: OperationContext, { plant: { plantId }, credential }: PlantProgress): Promise<void> {
  if (isInVault(credential)) await issueBeside(context, plantId);
  else await replaceCaFile(context, plantId, credential);
}

async function replaceCaFile(context: OperationContext, plantId: PlantId, credential: CredentialRow): Promise<void> {
  const { directory, owner, restartCommand } = deploymentSettings(requireDevice(context, plantId));
  const files = [caFileOf(authorityFile(context))];
  await onDevice(context, plantId, async (device) => {
    requirePassed(await checkDevice(context, plantId, device, files), []);
    if (context.vault.deviceStates.get(plantId)?.credentialId !== credential.credentialId) {
      throw new ConsoleError('device/holds-nothing', { details: { plantId } });
    }
    const kept = deviceFileNames.filter((name) => !files.some((file) => file.name === name));
    const replace = async () => {
      const done = await device.deploy({ directory, files, kept, ...(owner !== null && { owner }) });
      noteTrust(context, credential, 'deployed');
      return done;
    };
    await changing(context, plantId, device, directory, replace, true);
    if (restartCommand !== null) await restart(device, directory, restartCommand);
  });
}

/** From now on the plant trusts what plants shall trust. */
function noteTrust(
  context: OperationContext,
  { credentialId, plantId }: CredentialRow,
  evidence: 'deployed' | 'operator',
): void {
  context.vault.transaction(() => {
    context.vault.credentialTrusts.put(
      credentialId,
      authoritiesForPlants(context).map(({ authorityId }) => authorityId),
    );
    audit(context, 'plant.trust', plantId, { credentialId, evidence });
  });
  context.changed('plants');
}

/** The operator brought the CA file to these plants by hand. Throws `plant/not-found`. */
export async function confirmTrust(context: OperationContext, plantIds: readonly PlantId[]): Promise<void> {
  for (const plantId of plantIds) requirePlant(context, plantId);
  const progress = new Map((await plantProgress(context)).map((one) => [one.plant.plantId, one]));
  for (const plantId of plantIds) {
    const one = progress.get(plantId);
    if (one?.needs === 'trust') noteTrust(context, one.credential, 'operator');
  }
}
