// New credentials for every plant that holds an old one, beside the one in force: a certificate by an old authority, and
// after an emergency a password or token that others may have heard. Each is stored by itself, so that a run which was
// cut off is simply begun again; who has got one is passed over.

import { X509Certificate } from 'node:crypto';
import { deviceCertificateDefaults } from '../../shared/model/certificate.ts';
import { hasNoEnd, type LeafValidity } from '../../shared/model/leaf-validity.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { requireAuthority } from './authority.ts';
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

/**
 * A key of the same kind; where somebody else made it and keeps it, the same key: the device needs nothing but the new
 * certificate, and no private key is made here. With the kind of validity that it had.
 */
function likeBefore(context: OperationContext, credential: CredentialRow): IssueOptions {
  const { certificates } = context.vault;
  const { certificateSerialNumber, keyIsElsewhere } = credential;
  const certificate = certificateSerialNumber === null ? undefined : certificates.get(certificateSerialNumber);
  if (!certificate) return {};
  const { keyAlgorithm, certificatePem } = certificate;
  const validity = validityLike(context, certificate);
  if (!keyIsElsewhere) return { keyAlgorithm, validity };
  const publicKey = new X509Certificate(certificatePem).publicKey.export({ type: 'spki', format: 'der' });
  return { deviceKey: { keyAlgorithm, publicKey }, validity };
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Without an end; as long as its authority; or so many days, as far as the new authority has them. The default, which ends
 * with its authority where that has less left, is the default again.
 */
function validityLike(context: OperationContext, certificate: CertificateRow): LeafValidity | undefined {
  const { notBefore, notAfter, createdAt, authorityId } = certificate;
  if (hasNoEnd(notAfter)) return { notAfter: 'none' };
  const issuer = context.vault.authorities.get(authorityId);
  // A certificate of this console begins with its authority; one that was issued elsewhere, when it was issued.
  const issuedAt = notBefore === issuer?.notBefore || notBefore > createdAt ? createdAt : notBefore;
  const days = Math.max(1, Math.round((Date.parse(notAfter) - Date.parse(issuedAt)) / dayMs));
  const { validityDays } = deviceCertificateDefaults;
  if (notAfter === issuer?.notAfter) return days > validityDays ? { notAfter: 'authority' } : undefined;
  const daysLeft = Math.floor((Date.parse(requireAuthority(context).notAfter) - context.clock.now().getTime()) / dayMs);
  if (days <= daysLeft) return { days };
  return days > validityDays ? { notAfter: 'authority' } : undefined;
}
