// New credentials for every plant that holds an old one, beside the one in force: a certificate by an old authority, and
// after an emergency a password or token that others may have heard. Each is stored by itself, so that a run which was
// cut off is simply begun again; who has got one is passed over.

import { X509Certificate } from 'node:crypto';
import { hasNoEnd } from '../../shared/model/leaf-validity.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import type { OperationContext } from './context.ts';
import { issueBeside } from './credential-lifecycle.ts';
import type { IssueOptions } from './issue-credential.ts';
import { plantProgress } from './rollover-progress.ts';
import type { StepRunner } from './steps.ts';

const plantsAStep = 50;
/** Keys are made on the thread pool. */
const atOnce = 4;

/** Throws what issuing throws; what was issued until then stays. `assertFree` throws where something is being brought. */
export async function renewPlants(
  context: OperationContext,
  step: StepRunner,
  assertFree: (plantId: PlantRow['plantId']) => void,
): Promise<void> {
  const plants = await step('Find who holds an old credential', async () =>
    (await plantProgress(context)).filter(({ needs }) => needs === 'credential'),
  );
  for (let start = 0; start < plants.length; start += plantsAStep) {
    const batch = plants.slice(start, start + plantsAStep);
    await step(`Issue to plants ${start + 1} to ${start + batch.length} of ${plants.length}`, async () => {
      const waiting = batch.values();
      const worker = async () => {
        for (const { plant, credential } of waiting) {
          assertFree(plant.plantId);
          await issueBeside(context, plant.plantId, likeBefore(context, credential));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
    });
  }
}

/** A key of the same kind, or the same key where the device made it and keeps it to itself; without an end if it had none. */
function likeBefore({ vault }: OperationContext, credential: CredentialRow): IssueOptions {
  const { plantId, credentialId, certificateSerialNumber } = credential;
  const certificate = certificateSerialNumber === null ? undefined : vault.certificates.get(certificateSerialNumber);
  if (!certificate) return {};
  const { keyAlgorithm, certificatePem, notAfter } = certificate;
  const validity = hasNoEnd(notAfter) ? { notAfter: 'none' as const } : undefined;
  const isOnDevice = vault.offlineBundles
    .list(plantId)
    .some((bundle) => bundle.credentialId === credentialId && bundle.keyIsOnDevice);
  if (!isOnDevice) return { keyAlgorithm, validity };
  const publicKey = new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' });
  return { deviceKey: { keyAlgorithm, publicKey }, validity };
}
