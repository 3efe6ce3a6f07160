import type { PlantId } from '../../../shared/model/plant.ts';
import type { Timestamp } from './timestamp.ts';

/** A bundle that left on a stick. */
export type OfflineBundleRow = {
  readonly bundleId: string;
  readonly plantId: PlantId;
  readonly credentialId: string;
  readonly fileName: string;
  /** Of the whole file; hex. */
  readonly sha256: string;
  /** On the device. */
  readonly directory: string;
  readonly keyIsOnDevice: boolean;
  readonly exportedAt: Timestamp;
  /** When its receipt came back, and what it said. */
  readonly importedAt: Timestamp | null;
  readonly receipt: string | null;
};

export type OfflineBundleTable = {
  /** `receiptSecret` is what the bundle's installation authenticates its receipt by. */
  insert(row: Omit<OfflineBundleRow, 'importedAt' | 'receipt'>, receiptSecret: string): void;
  get(bundleId: string): OfflineBundleRow | undefined;
  /** Of this plant, or of all; newest first. */
  list(plantId?: PlantId): OfflineBundleRow[];
  receiptSecret(bundleId: string): string | undefined;
  close(bundleId: string, at: Timestamp, receipt: string): void;
};
