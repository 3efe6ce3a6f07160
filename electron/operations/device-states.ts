// What is known to lie on a plant's device, and which of its credentials that is.
// - A device tells by hashes. Those of every credential are kept, so that it is recognised when its secrets are gone.
// - Before something begins there, what is known is marked as uncertain; only the device's own word ends that.

import type { DeviceFile } from '../../shared/model/device.ts';
import type { DeviceFileName } from '../../shared/model/device-files.ts';
import type { DeviceStateView } from '../../shared/model/device-state.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { type InspectedCertificate, inspectCertificate } from '../authority/inspect.ts';
import type { DeviceState } from '../device/read-state.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { DeviceStateRow } from '../vault/rows/devices.ts';
import { type OperationContext, timestamp } from './context.ts';
import { adoptSigningSecret, markHandedOver } from './credential-lifecycle.ts';
import { deploymentStateOf } from './deployment-state.ts';
import { type CaFiles, knownCaFiles } from './known-ca-files.ts';
import { liveCredentials, requirePlant } from './plants.ts';

/** Files that a plant's sets have in common, so that they tell none apart. */
const common: readonly DeviceFileName[] = ['ca.crt', 'connection.json'];

/** Throws `plant/not-found`. */
export function getDeviceState(context: OperationContext, plantId: PlantId): DeviceStateView {
  requirePlant(context, plantId);
  const known = context.vault.deviceStates.get(plantId);
  const { outcome: _outcome, files, ...rest } = known ?? nothingKnown(plantId);
  return { ...rest, files: [...files], deployment: deploymentStateOf(liveCredentials(context, plantId), known) };
}

const nothingKnown = (plantId: PlantId): DeviceStateRow => ({
  plantId,
  outcome: 'uncertain',
  seenAt: null,
  credentialId: null,
  files: [],
  certificateFingerprint: null,
  previousKept: false,
  previousCredentialId: null,
});

/** From now on nobody knows, until the device tells again. Answers with what was known. */
export function noteUncertain(context: OperationContext, plantId: PlantId): DeviceStateRow {
  const before = context.vault.deviceStates.get(plantId) ?? nothingKnown(plantId);
  context.vault.deviceStates.put({ ...before, outcome: 'uncertain' });
  context.changed('plants');
  return before;
}

/** What was begun has changed nothing there. */
export function noteUnchanged(context: OperationContext, before: DeviceStateRow): void {
  context.vault.deviceStates.put(before);
  context.changed('plants');
}

/**
 * The device told what it holds. Answers with what is known now. `keepSecrets`: the caller decides when a credential
 * that arrived leaves the vault; otherwise that is now. `isOurChange`: an empty directory is what was wanted, not a loss.
 */
export function noteDeviceState(
  context: OperationContext,
  plantId: PlantId,
  state: DeviceState,
  { keepSecrets = false, isOurChange = false }: { readonly keepSecrets?: boolean; readonly isOurChange?: boolean } = {},
): DeviceStateRow {
  const before = context.vault.deviceStates.get(plantId);
  const certificate = readCertificate(state);
  const caFiles = knownCaFiles(context);
  const credential = matchingCredential(context, plantId, caFiles, state.files, certificate);
  const heldFiles = before !== undefined && (before.outcome === 'lost' || before.files.length > 0);
  const isLost = state.files.length === 0 && heldFiles && !isOurChange;
  const row: DeviceStateRow = {
    plantId,
    // A mix is no set: it stays uncertain until it is mended.
    outcome: state.installation === 'none' ? (isLost ? 'lost' : 'read') : 'uncertain',
    seenAt: timestamp(context),
    credentialId: credential?.credentialId ?? null,
    files: state.files,
    certificateFingerprint: certificate?.fingerprint ?? null,
    previousKept: state.previous !== null,
    previousCredentialId:
      (state.previous && matchingCredential(context, plantId, caFiles, state.previous)?.credentialId) ?? null,
  };
  context.vault.transaction(() => {
    context.vault.deviceStates.put(row);
    if (credential && row.outcome === 'read') followTrust(context, credential, caFiles, row.files);
    if (credential && row.outcome === 'read' && !keepSecrets) followDevice(context, plantId, credential);
  });
  context.changed('plants');
  return row;
}

/** Whom the plant trusts is what its CA file says, also after that was replaced by itself, or put back. */
function followTrust(
  context: OperationContext,
  { credentialId }: CredentialRow,
  caFiles: CaFiles,
  files: readonly DeviceFile[],
): void {
  const hash = files.find(({ name }) => name === 'ca.crt')?.sha256;
  const trusted = hash ? caFiles.get(hash) : undefined;
  if (trusted) context.vault.credentialTrusts.put(credentialId, trusted);
}

/** What the plant signs by is what lies on it; and a credential that arrived has left the vault, whoever saw it arrive. */
function followDevice(context: OperationContext, plantId: PlantId, credential: CredentialRow): void {
  const secret = context.vault.credentialFiles.signingSecret(credential.credentialId);
  if (secret !== undefined && context.vault.signingSecrets.get(plantId) !== secret) {
    adoptSigningSecret(context, { plantId, hmacSecret: secret });
  }
  if (credential.secretsAvailable) markHandedOver(context, credential, 'deployed');
}

/** The plant's credential whose files these are. A file that the login may not read tells nothing. */
function matchingCredential(
  { vault }: OperationContext,
  plantId: PlantId,
  caFiles: CaFiles,
  files: readonly DeviceFile[],
  certificate?: InspectedCertificate,
): CredentialRow | undefined {
  const hashes = new Map(files.map(({ name, sha256: hash }) => [name, hash]));
  const recorded = new Map(vault.credentialFiles.listForPlant(plantId).map((row) => [row.credentialId, row.files]));
  return vault.credentials.listForPlant(plantId).find(({ credentialId, certificateSerialNumber }) => {
    const expected = recorded.get(credentialId);
    // From before hashes were kept: a certificate tells all the same.
    if (!expected) return certificate !== undefined && certificate.serialNumber === certificateSerialNumber;
    const readable = expected.filter(({ name }) => hashes.get(name) !== null);
    return (
      readable.every(
        ({ name, sha256: hash }) =>
          hashes.get(name) === hash || (name === 'ca.crt' && caFiles.has(hashes.get(name) ?? '')),
      ) && readable.some(({ name }) => !common.some((shared) => shared === name))
    );
  });
}

/** The certificate that lies there; undefined where there is none, or none that can be read. */
export function readCertificate({ certificatePem }: DeviceState): InspectedCertificate | undefined {
  if (certificatePem === null) return undefined;
  try {
    return inspectCertificate(certificatePem);
  } catch {
    return undefined;
  }
}
