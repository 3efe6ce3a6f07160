import { z } from 'zod';
import { crlNumberSchema, heldAuthorityKeyAlgorithmSchema } from './certificate.ts';
import { lintFindingSchema } from './lint.ts';
import { plantIdSchema, plantStatusSchema, timestampSchema } from './plant.ts';

/** All files together: room for a register of a hundred thousand certificates, and a CRL of as many. */
export const maxAuthorityImportBytes = 24 * 1024 * 1024;
export const maxAuthorityImportFiles = 20_000;

/** The files of an authority: `name` is the path below the folder that was chosen, `content` is base64. */
export const authorityImportInputSchema = z.object({
  files: z
    .array(z.object({ name: z.string().min(1).max(1000), content: z.string() }))
    .min(1)
    .max(maxAuthorityImportFiles),
  /** Of the private key, where it is under one. */
  passphrase: z.string().max(1000).optional(),
});
export type AuthorityImportInput = z.infer<typeof authorityImportInputSchema>;

/** What an import would bring. */
export const authorityImportPreviewSchema = z.object({
  subject: z.string(),
  keyAlgorithm: heldAuthorityKeyAlgorithmSchema,
  serialNumber: z.string(),
  fingerprint: z.string(),
  notBefore: timestampSchema,
  notAfter: timestampSchema,
  plants: z.array(
    z.object({
      plantId: plantIdSchema,
      status: plantStatusSchema,
      certificates: z.number().int(),
      /** When the newest certificate ends that is in force; null where none is. */
      expiresAt: timestampSchema.nullable(),
      hasKey: z.boolean(),
    }),
  ),
  /** Certificates that are no plant's, such as a broker's. */
  otherCertificates: z.number().int(),
  /** Those of them that look like a plant's, and why they are not taken for one. */
  misnamed: z.array(z.object({ subject: z.string(), serialNumber: z.string(), because: z.string() })),
  /** Known by their serial number only. */
  bySerialNumberOnly: z.number().int(),
  revoked: z.number().int(),
  /** As the file `serial` says; the console goes on with random numbers that never meet those. */
  nextSerial: z.string().nullable(),
  nextCrlNumber: crlNumberSchema,
  /** What the checklist says of the authority and of its CRL. */
  findings: z.array(lintFindingSchema),
  /** Files that nothing was taken from, and why. */
  leftOut: z.array(z.object({ name: z.string(), because: z.string() })),
});
export type AuthorityImportPreview = z.infer<typeof authorityImportPreviewSchema>;
