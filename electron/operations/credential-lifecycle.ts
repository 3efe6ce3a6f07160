// How one plant's credentials follow one another.
// - provision: the plant is not ACTIVE; whatever was issued before is withdrawn, a new credential is issued.
// - rotate: the plant is ACTIVE; the next credential is issued beside the live one, which stays in force.
// - activate: the newest credential is in force; only now the older ones are retired.
// - revoke: nothing of this plant is accepted any more; brokers mute it for as long as a token might still be used.
// A withdrawn or retired certificate goes onto the CRL (reason `superseded`): a copy of its key must not outlive it.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { Plant, PlantId } from '../../shared/model/plant.ts';
import {
  maxTokenTtlSeconds,
  type ProvisioningPackage,
  provisioningPackageSchema,
} from '../../shared/model/provisioning.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { prepareRevocations, prepareTakingBack, requireAuthority } from './authority.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { type IssueOptions, issueCredential } from './issue-credential.ts';
import { closeRevocation, keepRevocationOpen, openRevocation } from './open-revocations.ts';
import { getPlant, liveCredentials, requirePlant } from './plants.ts';
import { type RevocationWords, refuseDayToCome } from './revocation-words.ts';

/** Throws `plant/active`, `authority/absent`. */
export async function provisionPlant(
  context: OperationContext,
  plantId: PlantId,
  issue: IssueOptions = {},
): Promise<ProvisioningPackage> {
  const plant = requirePlant(context, plantId);
  if (plant.status === 'ACTIVE') {
    throw new ConsoleError('plant/active', { details: { plantId, revoke: `/plants/${plantId}/revoke` } });
  }
  return await issueNext(context, plant, { action: 'plant.provision', older: 'withdraw', issue });
}

/** Throws `plant/wrong-status` unless the plant is ACTIVE. */
export async function rotatePlant(
  context: OperationContext,
  plantId: PlantId,
  issue: IssueOptions = {},
): Promise<ProvisioningPackage> {
  const plant = requirePlant(context, plantId);
  if (plant.status !== 'ACTIVE') {
    throw new ConsoleError('plant/wrong-status', {
      because: `it is ${plant.status}; only an ACTIVE plant is rotated, any other is provisioned`,
      details: { plantId, status: plant.status },
    });
  }
  return await issueNext(context, plant, { action: 'plant.rotate', older: 'keep-active', issue });
}

/**
 * Issues the next credential beside whatever is in force or lies on a device: one that was deployed and not heard yet
 * may be all that the plant has. Throws `plant/wrong-status` for a REVOKED plant.
 */
export async function issueBeside(
  context: OperationContext,
  plantId: PlantId,
  issue: IssueOptions = {},
): Promise<ProvisioningPackage> {
  const plant = requirePlant(context, plantId);
  if (plant.status === 'REVOKED') {
    throw new ConsoleError('plant/wrong-status', {
      because: 'it is REVOKED; provision it first',
      details: { plantId },
    });
  }
  return await issueNext(context, plant, { action: 'plant.rotate', older: 'keep-arrived', issue });
}

async function issueNext(
  context: OperationContext,
  plant: PlantRow,
  options: {
    readonly action: string;
    readonly older: 'withdraw' | 'keep-active' | 'keep-arrived';
    readonly issue: IssueOptions;
  },
): Promise<ProvisioningPackage> {
  const { action, older, issue } = options;
  requireAuthority(context);
  const issued = await issueCredential(context, plant, issue);
  await context.exclusively(async () => {
    // Keys take their time to make: what holds now decides, and nothing was stored before.
    const current = requirePlant(context, plant.plantId);
    if (current.status !== plant.status || current.authMethod !== plant.authMethod) {
      throw new ConsoleError('plant/wrong-status', { because: 'it was changed meanwhile; try again' });
    }
    const replaced = liveCredentials(context, plant.plantId).filter(
      ({ state }) => state === 'issued' || older === 'withdraw' || (older === 'keep-active' && state !== 'active'),
    );
    const retire = await prepareRetirement(context, replaced);
    const now = timestamp(context);
    context.vault.transaction(() => {
      retire();
      closeRevocation(context, plant.plantId);
      issued.store(now);
      // A rotated plant goes on signing with its old secret until the new package reaches it.
      if (older === 'withdraw') adoptSigningSecret(context, issued.package);
      context.vault.plants.update(plant.plantId, {
        status: plant.status === 'REVOKED' ? 'PENDING' : plant.status,
        revokedAt: null,
        updatedAt: now,
      });
      audit(context, action, plant.plantId, { authMethod: plant.authMethod, ...issued.facts });
    });
  });
  tellChanged(context);
  return issued.package;
}

/** Signs the CRL that withdraws these credentials' certificates; the answer stores it all, inside a transaction. */
async function prepareRetirement(
  context: OperationContext,
  credentials: readonly CredentialRow[],
): Promise<() => void> {
  const revoke = await prepareRevocations(
    context,
    credentials.flatMap(({ certificateSerialNumber: serialNumber }) =>
      serialNumber === null ? [] : (context.vault.certificates.get(serialNumber) ?? []),
    ),
    { reason: 'superseded' },
  );
  return () => {
    for (const { credentialId } of credentials) {
      context.vault.credentials.setState(credentialId, 'superseded');
      context.vault.credentials.destroySecrets(credentialId, timestamp(context));
    }
    revoke();
  };
}

/** The newest credential that is or may come into force. Throws `credential/not-found`. */
export function newestCredential(context: OperationContext, plantId: PlantId): CredentialRow {
  requirePlant(context, plantId);
  const [newest] = liveCredentials(context, plantId);
  if (!newest) throw new ConsoleError('credential/not-found', { details: { plantId } });
  return newest;
}

/** The sealed package of a credential whose secrets were not handed over yet. Throws `credential/handed-over`. */
export function openPackage(context: OperationContext, credential: CredentialRow): ProvisioningPackage {
  const secrets = context.vault.credentials.secrets(credential.credentialId);
  if (secrets === undefined) {
    throw new ConsoleError('credential/handed-over', { details: { plantId: credential.plantId } });
  }
  return provisioningPackageSchema.parse(JSON.parse(secrets));
}

type HandOver = 'deployed' | 'downloaded' | 'activated';

/** The secrets have left the console, onto a device or into a file: here they are destroyed. */
export function markHandedOver(context: OperationContext, credential: CredentialRow, how: HandOver): void {
  context.vault.transaction(() => storeHandOver(context, credential, how));
  context.changed('plants');
}

/** The same inside a transaction, for many. */
export function storeHandOver(context: OperationContext, credential: CredentialRow, how: HandOver): void {
  adoptSigningSecret(context, openPackage(context, credential));
  context.vault.credentials.destroySecrets(credential.credentialId, timestamp(context));
  if (credential.state === 'issued') context.vault.credentials.setState(credential.credentialId, 'deployed');
  audit(context, `credential.${how}`, credential.plantId, { credentialId: credential.credentialId });
}

/** Who may come in is another now: the brokers wait for a push. */
function tellChanged(context: OperationContext): void {
  context.changed('plants');
  context.changed('brokers');
}

/** From here on the monitor checks the plant's signatures with the secret of this package. */
export const adoptSigningSecret = (
  context: OperationContext,
  { plantId, hmacSecret }: Pick<ProvisioningPackage, 'plantId' | 'hmacSecret'>,
): void => context.vault.signingSecrets.set(plantId, hmacSecret, timestamp(context));

/** The package once more; then its secrets are gone. Throws `credential/not-found`, `credential/handed-over`. */
export function downloadPackage(context: OperationContext, plantId: PlantId): ProvisioningPackage {
  const credential = newestCredential(context, plantId);
  const provisioningPackage = openPackage(context, credential);
  markHandedOver(context, credential, 'downloaded');
  return provisioningPackage;
}

/** The newest credential proved itself, by a verified session or by the operator's word: older ones are retired now. */
export async function activatePlant(
  context: OperationContext,
  plantId: PlantId,
  evidence: 'session' | 'operator',
): Promise<Plant> {
  await context.exclusively(async () => {
    const plant = requirePlant(context, plantId);
    if (plant.status === 'REVOKED') {
      throw new ConsoleError('plant/wrong-status', {
        because: 'it is REVOKED; provision it first',
        details: { plantId },
      });
    }
    const newest = newestCredential(context, plantId);
    const older = liveCredentials(context, plantId).filter(({ credentialId }) => credentialId !== newest.credentialId);
    const retire = await prepareRetirement(context, older);
    context.vault.transaction(() => {
      retire();
      // It works, so its package has arrived: the console's copy of the secrets has no purpose any more.
      if (newest.secretsAvailable) markHandedOver(context, newest, 'activated');
      context.vault.credentials.setState(newest.credentialId, 'active');
      if (newest.certificateSerialNumber) context.vault.certificates.setState(newest.certificateSerialNumber, 'active');
      context.vault.plants.update(plantId, { status: 'ACTIVE', updatedAt: timestamp(context) });
      audit(context, 'plant.activate', plantId, { evidence, credentialId: newest.credentialId });
    });
  });
  tellChanged(context);
  return getPlant(context, plantId);
}

/** Until when a broker must keep the plant muted. Passwords end with their line in the password file. */
export function rememberWithdrawal(context: OperationContext, { plantId, authMethod }: PlantRow): void {
  const { certificates, withdrawals } = context.vault;
  switch (authMethod) {
    case 'PASSWORD':
      return;
    case 'TOKEN': {
      // The longest that any token of its lives, however many were issued.
      const longest = new Date(context.clock.now().getTime() + maxTokenTtlSeconds * 1000);
      withdrawals.put({ plantId, withdrawnUntil: longest.toISOString() });
      return;
    }
    case 'MTLS':
      for (const { notAfter } of certificates.list({ plantId }).items) {
        withdrawals.put({ plantId, withdrawnUntil: notAfter });
      }
  }
}

/**
 * Withdraws everything that was issued to the plant and publishes a CRL; a push brings it to the brokers.
 * Throws `plant/wrong-status`, and `input/invalid` for a key that will be lost some day.
 */
export async function revokePlant(
  context: OperationContext,
  plantId: PlantId,
  { reason, invalidityDate }: RevocationWords,
): Promise<Plant> {
  refuseDayToCome(context, invalidityDate);
  await context.exclusively(async () => {
    const plant = requirePlant(context, plantId);
    if (plant.status === 'REVOKED') {
      throw new ConsoleError('plant/wrong-status', { because: 'it is REVOKED already', details: { plantId } });
    }
    const { credentials, certificates, plants } = context.vault;
    const inForce = certificates.list({ plantId }).items.filter(({ state }) => state !== 'revoked');
    const revoke = await prepareRevocations(context, inForce, { reason, invalidityDate: invalidityDate ?? null });
    const now = timestamp(context);
    context.vault.transaction(() => {
      const live = liveCredentials(context, plantId);
      keepRevocationOpen(context, plant, live, inForce, now);
      for (const { credentialId } of live) credentials.setState(credentialId, 'revoked');
      revoke();
      rememberWithdrawal(context, plant);
      plants.update(plantId, { status: 'REVOKED', updatedAt: now, revokedAt: now });
      audit(context, 'plant.revoke', plantId, {
        reason,
        ...(invalidityDate !== undefined && { invalidityDate }),
        serialNumbers: inForce.map(({ serialNumber }) => serialNumber),
      });
    });
  });
  tellChanged(context);
  return getPlant(context, plantId);
}

/** As if the plant had not been revoked. Throws `plant/revocation-left` once somebody outside may know of it. */
export async function takeRevocationBack(context: OperationContext, plantId: PlantId): Promise<Plant> {
  await context.exclusively(async () => {
    requirePlant(context, plantId);
    const before = openRevocation(context, plantId);
    const unrevoke = await prepareTakingBack(context, before.certificates);
    const { credentials, plants, withdrawals, openRevocations } = context.vault;
    context.vault.transaction(() => {
      // A CRL is signed meanwhile: what was open may have left.
      openRevocation(context, plantId);
      unrevoke();
      for (const { credentialId, state } of before.credentials) credentials.setState(credentialId, state);
      withdrawals.putBack(plantId, before.withdrawnUntil);
      plants.update(plantId, { status: before.status, updatedAt: timestamp(context), revokedAt: null });
      openRevocations.delete(plantId);
      audit(context, 'plant.revoke-undo', plantId);
    });
  });
  tellChanged(context);
  return getPlant(context, plantId);
}
