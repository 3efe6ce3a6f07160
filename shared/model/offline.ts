// Credentials that reach a device on a stick, and what comes back the same way.

import { z } from 'zod';
import { keyAlgorithmSchema } from './certificate.ts';
import { deviceFileSchema } from './device.ts';
import { plantIdSchema, timestampSchema } from './plant.ts';

/** In one export: each bundle costs a key that is made on purpose slow. */
export const maxExportedPlants = 200;

/**
 * - open: it was exported, and no receipt of it has come back.
 * - imported: its receipt has come back.
 * - void: its credential was superseded or revoked before that.
 */
export const bundleStates = ['open', 'imported', 'void'] as const;
export const bundleStateSchema = z.enum(bundleStates);
export type BundleState = z.infer<typeof bundleStateSchema>;

/** A bundle as it is listed: its code and its contents are nowhere but on the stick, and on the sheet beside it. */
export const bundleSchema = z.object({
  bundleId: z.string(),
  plantId: plantIdSchema,
  credentialId: z.string(),
  state: bundleStateSchema,
  fileName: z.string(),
  /** SHA-256 of the file, 64 lower-case hex digits: what `sha256sum` shows on any machine that the stick passes. */
  sha256: z.string(),
  /** The directory on the device that it installs into. */
  directory: z.string(),
  /** It brings a certificate to a key that was made on the device. */
  keyIsOnDevice: z.boolean(),
  exportedAt: timestampSchema,
  importedAt: timestampSchema.nullable(),
});
export type OfflineBundle = z.infer<typeof bundleSchema>;

/** What an export answers, once: the codes are kept nowhere. */
export const exportedBundleSchema = bundleSchema.extend({
  plantName: z.string(),
  /** Such as `7K3F-9QXD-0M2V-H8TE-4RWA`. */
  code: z.string(),
});
export type ExportedBundle = z.infer<typeof exportedBundleSchema>;

/** What a receipt tells of an installation. */
export const receiptFactsSchema = z.object({
  bundle: bundleSchema,
  /** The device's own clock when it wrote the receipt. */
  deviceClock: timestampSchema,
  /** Who ran the installation there. */
  userName: z.string(),
  userId: z.number().int(),
  files: z.array(deviceFileSchema),
});
export type ReceiptFacts = z.infer<typeof receiptFactsSchema>;

/** A certificate request as a file has it. */
export const certificateRequestTextSchema = z
  .string()
  .min(1)
  .max(64 * 1024);

/** What a certificate request says of itself. Only its key counts. */
export const certificateRequestSchema = z.object({
  subject: z.string(),
  keyAlgorithm: keyAlgorithmSchema,
  /** What the request kit showed on the device, when it is the same key: `3f2a 91bc …`. */
  keyCheck: z.string(),
  /** Extensions that it asks for, and does not get. */
  wishes: z.array(z.string()),
});
export type CertificateRequestView = z.infer<typeof certificateRequestSchema>;
