// How a certificate credential leaves as files for something other than the console's own deployment.

import { z } from 'zod';

/**
 * pem: device.crt, ca.crt, chain.pem and, while the console has it, device.key, as one tar. certificate, der, chain: public.
 * pkcs12: key, certificate and chain under a password, with AES-256. pkcs12-compatible: the same with triple DES and
 * SHA-1, which old HMIs read.
 */
export const credentialExportFormats = ['pem', 'certificate', 'der', 'chain', 'pkcs12', 'pkcs12-compatible'] as const;
export const credentialExportFormatSchema = z.enum(credentialExportFormats);
export type CredentialExportFormat = z.infer<typeof credentialExportFormatSchema>;

export const needsExportPassword = (format: CredentialExportFormat): boolean => format.startsWith('pkcs12');

export const minExportPassword = 12;

/** Of a file that holds a private key. Programs do not agree on how anything but ASCII is hashed. */
export const exportPasswordSchema = z
  .string()
  .min(minExportPassword, `must have at least ${minExportPassword} characters`)
  .max(64, 'must have at most 64 characters')
  .regex(/^[\x20-\x7e]*$/, 'must be letters, digits and plain punctuation');

/** The authority's own files, beside `ca.crt` and `ca.crl`. */
export const authorityFileNames = ['ca.der', 'ca-crl.der'] as const;
export type AuthorityFileName = (typeof authorityFileNames)[number];
