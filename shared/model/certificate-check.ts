import { z } from 'zod';
import { certificateSchema } from './certificate.ts';
import { lintFindingSchema } from './lint.ts';

/** One certificate with all that can be said of it. */
export const certificateDetailSchema = z.object({
  certificate: certificateSchema,
  /** The name of the authority that issued it. */
  issuer: z.string(),
  certificatePem: z.string(),
  /** Empty: nothing is wrong with it. */
  findings: z.array(lintFindingSchema),
  /** It was revoked by itself, and nobody outside the console can know of it yet: it can be taken back. */
  revocationIsOpen: z.boolean(),
});
export type CertificateDetail = z.infer<typeof certificateDetailSchema>;

/** What the checklist says of everything that was issued or imported. */
export const registerCheckSchema = z.object({
  /** Certificates and CRLs that were held against it. */
  checked: z.number().int(),
  /** How many of them something is wrong with. */
  faulty: z.number().int(),
  /** The first of those. */
  faults: z.array(
    z.object({
      kind: z.enum(['authority', 'cross-certificate', 'crl', 'certificate']),
      subject: z.string(),
      /** Null for a CRL. */
      serialNumber: z.string().nullable(),
      findings: z.array(lintFindingSchema),
    }),
  ),
});
export type RegisterCheck = z.infer<typeof registerCheckSchema>;
