// A receipt comes back on a stick that has been through many hands. It counts when whoever wrote it had opened the
// bundle, when the bundle's credential is still one that may come into force, and when the files are those that left.

import { deviceFileModes, deviceFileNames } from '../../shared/model/device-files.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { ReceiptFacts } from '../../shared/model/offline.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { isAuthentic, type Receipt, readReceipt } from '../device/bundle/receipt.ts';
import type { OfflineBundleRow } from '../vault/rows/offline-bundles.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { noteDeviceState } from './device-states.ts';
import { viewBundle } from './offline-bundles.ts';

/**
 * Closes the deployment of a bundle: its credential has arrived and leaves the vault, and what the device holds is
 * known. Throws `offline/receipt-*`, `offline/bundle-*`, and has changed nothing then.
 */
export function importReceipt(
  context: OperationContext,
  text: string,
  options: {
    /** Refuses the receipt of any other plant. */
    readonly plantId?: PlantId | undefined;
    /** Throws while somebody is at the plant's device. */
    readonly assertFree?: (plantId: PlantId) => void;
  } = {},
): ReceiptFacts {
  const { vault } = context;
  const receipt = readReceipt(text);
  const bundle = requireBundleOf(context, receipt, options.plantId);
  options.assertFree?.(bundle.plantId);
  const { bundleId, credentialId } = bundle;
  const credential = vault.credentials.get(credentialId);
  const serialNumber = credential?.certificateSerialNumber;
  vault.transaction(() => {
    vault.offlineBundles.close(bundleId, timestamp(context), text);
    noteDeviceState(context, bundle.plantId, {
      clock: receipt.deviceClock,
      userId: receipt.userId,
      directory: 'present',
      files: receipt.files,
      // What the kept set is made of, a receipt does not tell.
      previous: receipt.previousKept ? [] : null,
      certificatePem: (serialNumber && vault.certificates.get(serialNumber)?.certificatePem) || null,
      connectionJson: null,
      installation: 'none',
    });
    const { deviceClock, userName, userId, directory } = receipt;
    const details = { bundleId, credentialId, deviceClock, userName, userId, directory };
    audit(context, 'offline.receipt', bundle.plantId, details);
  });
  const { deviceClock, userName, userId, files } = receipt;
  const closed = { ...bundle, importedAt: timestamp(context) };
  return { bundle: viewBundle(context, closed), deviceClock, userName, userId, files: [...files] };
}

function requireBundleOf(context: OperationContext, receipt: Receipt, plantId: PlantId | undefined): OfflineBundleRow {
  const { offlineBundles } = context.vault;
  const bundle = offlineBundles.get(receipt.bundleId);
  const secret = offlineBundles.receiptSecret(receipt.bundleId);
  if (!bundle || secret === undefined) throw new ConsoleError('offline/bundle-not-found');
  if (!isAuthentic(receipt, secret)) throw new ConsoleError('offline/receipt-not-authentic');
  if (receipt.plantId !== bundle.plantId || (plantId !== undefined && plantId !== bundle.plantId)) {
    throw new ConsoleError('offline/receipt-wrong-plant', { details: { plantId: bundle.plantId } });
  }
  switch (viewBundle(context, bundle).state) {
    case 'imported':
      throw new ConsoleError('offline/receipt-imported', { details: { importedAt: bundle.importedAt } });
    case 'void':
      throw new ConsoleError('offline/bundle-void');
    case 'open':
  }
  requireWhatWasSent(context, bundle, receipt);
  return bundle;
}

/** Throws `offline/receipt-mismatch`, naming the files. */
function requireWhatWasSent({ vault }: OperationContext, bundle: OfflineBundleRow, receipt: Receipt): void {
  const sent = vault.credentialFiles
    .listForPlant(bundle.plantId)
    .find(({ credentialId }) => credentialId === bundle.credentialId);
  const expected = new Map((sent?.files ?? []).map(({ name, sha256 }) => [name, sha256]));
  const wrong = deviceFileNames.filter((name) => {
    const there = receipt.files.find((file) => file.name === name);
    if (name === 'device.key' && bundle.keyIsOnDevice) return there?.mode !== deviceFileModes[name];
    const hash = expected.get(name);
    if (hash === undefined) return there !== undefined;
    return there?.sha256 !== hash || there.mode !== deviceFileModes[name];
  });
  if (sent === undefined || wrong.length > 0 || receipt.directory !== bundle.directory) {
    throw new ConsoleError('offline/receipt-mismatch', { because: wrong.join(', '), details: { files: wrong } });
  }
}
