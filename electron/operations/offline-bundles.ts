// Credentials that leave on a stick. Exporting changes nothing outside the vault, and a credential stays in it until the
// receipt of its installation is back: a stick that is lost is replaced by another export, with another code.
// A code is told once and kept nowhere. When a credential is superseded or revoked, the bundles that carry it are void.

import { randomUUID, X509Certificate } from 'node:crypto';
import { defaultDeviceDirectory } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { BundleState, ExportedBundle, OfflineBundle } from '../../shared/model/offline.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { ProvisioningPackage } from '../../shared/model/provisioning.ts';
import { type Bundle, renderBundle } from '../device/bundle/install-script.ts';
import { newOneTimeCode } from '../device/bundle/one-time-code.ts';
import { type DownloadFile, packStickFiles, plainFileName } from '../device/bundle/stick-files.ts';
import { deviceFilesOf, isKeyOnDevice } from '../device/files.ts';
import { sha256 } from '../device/install-script.ts';
import { pemBlocks } from '../platform/pem-blocks.ts';
import { randomHex } from '../platform/random.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { OfflineBundleRow } from '../vault/rows/offline-bundles.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { newestCredential, openPackage } from './credential-lifecycle.ts';
import { deploymentSettings } from './device-contact.ts';
import { liveStates, requirePlant } from './plants.ts';
import { rememberFiles } from './remember-files.ts';

export type ExportOptions = {
  /** On the devices; left out, what is stored of each. */
  readonly directory?: string | undefined;
};

export type ExportedBundles = { readonly bundles: ExportedBundle[]; readonly file: DownloadFile };

type Prepared = {
  readonly row: Omit<OfflineBundleRow, 'importedAt' | 'receipt'>;
  readonly plant: PlantRow;
  readonly text: string;
  readonly code: string;
  readonly receiptSecret: string;
};

/**
 * The newest credential of each plant as a bundle; all of them or none. Throws `credential/not-found`,
 * `credential/handed-over`, `offline/credential-expired`.
 */
export async function exportBundles(
  context: OperationContext,
  plantIds: readonly PlantId[],
  options: ExportOptions = {},
): Promise<ExportedBundles> {
  const names = new Set<string>();
  const prepared = await Promise.all(
    [...new Set(plantIds)].map((plantId) => prepare(context, requirePlant(context, plantId), names, options)),
  );
  context.vault.transaction(() => {
    for (const { row, receiptSecret } of prepared) {
      // Keys take their time to make: what was put into a bundle must still be what the plant shall get.
      openPackage(context, requireNewest(context, row));
      context.vault.offlineBundles.insert(row, receiptSecret);
      const { bundleId, credentialId, fileName, sha256: hash, directory } = row;
      audit(context, 'offline.export', row.plantId, { bundleId, credentialId, fileName, sha256: hash, directory });
    }
  });
  context.changed('plants');
  return {
    bundles: prepared.map(({ row, plant, code }) => ({ ...openView(row), plantName: plant.name, code })),
    file: await packStickFiles(
      prepared.map(({ row, text }) => ({ name: row.fileName, content: text })),
      context.clock.now(),
    ),
  };
}

function requireNewest(context: OperationContext, row: Pick<OfflineBundleRow, 'plantId' | 'credentialId'>) {
  const newest = newestCredential(context, row.plantId);
  if (newest.credentialId !== row.credentialId) throw new ConsoleError('offline/bundle-void');
  return newest;
}

async function prepare(
  context: OperationContext,
  plant: PlantRow,
  takenNames: Set<string>,
  options: ExportOptions,
): Promise<Prepared> {
  const { plantId } = plant;
  const credential = newestCredential(context, plantId);
  requireUnexpired(context, credential);
  const provisioning = openPackage(context, credential);
  rememberFiles(context, credential, provisioning);
  const device = context.vault.devices.get(plantId);
  const settings = device && deploymentSettings(device);
  const { shown, passphrase } = newOneTimeCode();
  const fileName = fileNameFor(context, plant, takenNames);
  const bundle: Bundle = {
    bundleId: randomUUID(),
    plantId,
    plantName: plant.name,
    writtenAt: context.clock.now(),
    directory: options.directory ?? settings?.directory ?? defaultDeviceDirectory,
    files: deviceFilesOf(provisioning),
    keyIsOnDevice: isKeyOnDevice(provisioning),
    owner: settings?.owner ?? null,
    ...validityOf(provisioning),
    receiptSecret: randomHex(32),
  };
  const text = await renderBundle(bundle, passphrase);
  const { bundleId, directory, keyIsOnDevice, receiptSecret } = bundle;
  return {
    row: {
      bundleId,
      plantId,
      credentialId: credential.credentialId,
      fileName,
      sha256: sha256(text),
      directory,
      keyIsOnDevice,
      exportedAt: timestamp(context),
    },
    plant,
    text,
    code: shown,
    receiptSecret,
  };
}

function requireUnexpired({ clock }: OperationContext, { plantId, expiresAt }: CredentialRow): void {
  if (expiresAt !== null && Date.parse(expiresAt) <= clock.now().getTime()) {
    throw new ConsoleError('offline/credential-expired', { details: { plantId, expiresAt } });
  }
}

/** When everything in the package holds that ends. */
function validityOf(provisioning: ProvisioningPackage): { readonly notBefore: Date; readonly notAfter: Date } {
  const { authMethod, auth, tls } = provisioning;
  const certificates = [
    ...pemBlocks(tls.caCertPem, 'CERTIFICATE'),
    ...(authMethod === 'MTLS' ? [auth.deviceCertPem] : []),
  ].map((pem) => new X509Certificate(pem));
  const ends = certificates.map(({ validToDate }) => validToDate.getTime());
  if (authMethod === 'TOKEN') ends.push(Date.parse(auth.expiresAt));
  return {
    notBefore: new Date(Math.max(...certificates.map(({ validFromDate }) => validFromDate.getTime()))),
    notAfter: new Date(Math.min(...ends)),
  };
}

/** `voke-pump-4.sh`, and with a part of the plant's id where another plant would have the same. */
export function fileNameFor(
  { vault }: OperationContext,
  { plantId, name }: Pick<PlantRow, 'plantId' | 'name'>,
  taken: Set<string> = new Set(),
  prefix = 'voke',
): string {
  const plain = plainFileName(name);
  const others = vault.plants.list({ query: name }).items.filter((other) => plainFileName(other.name) === plain);
  const short = `${prefix}-${plain}.sh`;
  const fileName = others.length > 1 || taken.has(short) ? `${prefix}-${plain}-${plantId.slice(0, 8)}.sh` : short;
  taken.add(fileName);
  return fileName;
}

/** Newest first. */
export function listBundles(
  context: OperationContext,
  filter: { readonly state?: BundleState | undefined; readonly plantId?: PlantId | undefined },
): OfflineBundle[] {
  return context.vault.offlineBundles
    .list(filter.plantId)
    .map((row) => viewBundle(context, row))
    .filter(({ state }) => filter.state === undefined || state === filter.state);
}

export const viewBundle = ({ vault }: OperationContext, row: OfflineBundleRow): OfflineBundle => {
  const { receipt: _receipt, ...view } = row;
  const credential = vault.credentials.get(row.credentialId);
  const isLive = credential !== undefined && liveStates.includes(credential.state);
  return { ...view, state: row.importedAt !== null ? 'imported' : isLive ? 'open' : 'void' };
};

const openView = (row: Prepared['row']): OfflineBundle => ({ ...row, importedAt: null, state: 'open' });
