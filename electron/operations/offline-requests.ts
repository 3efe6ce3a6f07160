// A private key that never leaves the device: a kit makes it there, its request comes back on a stick, and the answer
// leaves on one. A stick may be tampered with on its way, and a request for another key would hand the plant's identity
// to whoever holds that key: so nothing is issued before the operator has compared the key check with the device.

import { deviceCertificateDefaults, type LeafKeyAlgorithm } from '../../shared/model/certificate.ts';
import { defaultDeviceDirectory } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { CertificateRequestView } from '../../shared/model/offline.ts';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import { type CertificateRequest, readCertificateRequest } from '../authority/certificate-request.ts';
import { keyCheckOf, renderRequestKit } from '../device/bundle/request-script.ts';
import { type DownloadFile, packStickFiles } from '../device/bundle/stick-files.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { audit, type OperationContext } from './context.ts';
import { provisionPlant, rotatePlant } from './credential-lifecycle.ts';
import { type ExportedBundles, exportBundles, fileNameFor } from './offline-bundles.ts';
import { requirePlant } from './plants.ts';

/** Throws `plant/wrong-auth-method` unless the plant proves itself by a certificate. */
export async function makeRequestKit(
  context: OperationContext,
  plantId: PlantId,
  options: { readonly keyAlgorithm?: LeafKeyAlgorithm | undefined; readonly directory?: string | undefined } = {},
): Promise<DownloadFile> {
  const plant = requireCertificatePlant(context, plantId);
  const { keyAlgorithm = deviceCertificateDefaults.keyAlgorithm } = options;
  const directory = options.directory ?? context.vault.devices.get(plantId)?.directory ?? defaultDeviceDirectory;
  const writtenAt = context.clock.now();
  const content = renderRequestKit({ plantId, plantName: plant.name, writtenAt, directory, keyAlgorithm });
  audit(context, 'offline.request-kit', plantId, { keyAlgorithm, directory });
  return await packStickFiles([{ name: fileNameFor(context, plant, new Set(), 'voke-request'), content }], writtenAt);
}

/**
 * What a request says. Throws `plant/wrong-auth-method`, `offline/request-wrong-plant`, and what `readCertificateRequest`
 * throws.
 */
export async function viewRequest(
  context: OperationContext,
  plantId: PlantId,
  text: string,
): Promise<CertificateRequestView> {
  const { subject, keyAlgorithm, publicKey, wishes } = await readPlantRequest(context, plantId, text);
  return { subject, keyAlgorithm, keyCheck: keyCheckOf(publicKey), wishes: [...wishes] };
}

/**
 * Issues the certificate of the request's key, by the profile of a device and nothing else, and exports its bundle.
 * When only the export fails, the credential waits in the vault and is exported like any other.
 * Throws like `viewRequest`, `provisionPlant` and `exportBundles`, and `offline/key-check-mismatch`.
 */
export async function answerRequest(
  context: OperationContext,
  plantId: PlantId,
  text: string,
  options: {
    readonly keyCheck: string;
    readonly brokerId?: string | undefined;
    readonly directory?: string | undefined;
  },
): Promise<ExportedBundles> {
  const { keyAlgorithm, publicKey } = await readPlantRequest(context, plantId, text);
  if (hexOf(options.keyCheck) !== hexOf(keyCheckOf(publicKey))) {
    throw new ConsoleError('offline/key-check-mismatch', { details: { plantId } });
  }
  const issue = { brokerId: options.brokerId, deviceKey: { keyAlgorithm, publicKey } };
  const isActive = requirePlant(context, plantId).status === 'ACTIVE';
  await (isActive ? rotatePlant(context, plantId, issue) : provisionPlant(context, plantId, issue));
  return await exportBundles(context, [plantId], { directory: options.directory });
}

const hexOf = (keyCheck: string): string => keyCheck.toLowerCase().replaceAll(/[^0-9a-f]/g, '');

/** A request for this plant's certificate. Throws like `viewRequest`. */
export async function readPlantRequest(
  context: OperationContext,
  plantId: PlantId,
  text: string,
): Promise<CertificateRequest> {
  requireCertificatePlant(context, plantId);
  const request = await readCertificateRequest(text);
  // A kit's request names its plant. Another name is replaced; another plant's is a file that was mixed up.
  const names = Array.from(request.subject.matchAll(/\/CN=([^/]*)/g), ([, name]) => plantIdSchema.safeParse(name).data);
  const other = names.find((named) => named !== undefined && named !== plantId);
  if (other) throw new ConsoleError('offline/request-wrong-plant', { details: { plantId: other } });
  return request;
}

function requireCertificatePlant(context: OperationContext, plantId: PlantId): PlantRow {
  const plant = requirePlant(context, plantId);
  if (plant.authMethod !== 'MTLS') {
    throw new ConsoleError('plant/wrong-auth-method', { because: `it is ${plant.authMethod}`, details: { plantId } });
  }
  return plant;
}
