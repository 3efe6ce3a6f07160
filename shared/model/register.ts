import { z } from 'zod';
import { revocationReasonSchema } from './certificate.ts';
import { timestampSchema } from './plant.ts';

export const registerStates = ['valid', 'revoked', 'expired'] as const;
export const registerStateSchema = z.enum(registerStates);
export type RegisterState = z.infer<typeof registerStateSchema>;

/** A certificate of an adopted authority that is known by its serial number only: it can be revoked, and no more. */
export const registeredCertificateSchema = z.object({
  /** Lower-case hex. */
  serialNumber: z.string(),
  /** As the register writes it; empty where only a CRL knew of it. */
  subject: z.string(),
  notAfter: timestampSchema,
  state: registerStateSchema,
  revokedAt: timestampSchema.nullable(),
  revocationReason: revocationReasonSchema.nullable(),
  /** Since when its key must be taken for lost, where that is known (RFC 5280, 5.3.2). */
  invalidityDate: timestampSchema.nullable(),
  /** Nobody outside the console can know of it yet: it can be taken back. */
  revocationIsOpen: z.boolean(),
});
export type RegisteredCertificate = z.infer<typeof registeredCertificateSchema>;
