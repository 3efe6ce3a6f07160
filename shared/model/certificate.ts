import { z } from 'zod';
import { plantIdSchema, timestampSchema } from './plant.ts';

export const authorityKeyAlgorithms = ['RSA-4096', 'RSA-3072', 'EC-P256', 'EC-P384'] as const;
/** Ed25519 where the plant's TLS knows it: OpenSSL from 1.1.1 on, and so Mosquitto, does. */
export const leafKeyAlgorithms = ['RSA-2048', 'RSA-3072', 'RSA-4096', 'EC-P256', 'EC-P384', 'Ed25519'] as const;
export const authorityKeyAlgorithmSchema = z.enum(authorityKeyAlgorithms);
export const leafKeyAlgorithmSchema = z.enum(leafKeyAlgorithms);
export const keyAlgorithmSchema = leafKeyAlgorithmSchema;
/** One that came from elsewhere may have the key that easy-rsa makes; the console makes no such authority. */
export const heldAuthorityKeyAlgorithmSchema = z.enum(['RSA-2048', ...authorityKeyAlgorithms]);
export type HeldAuthorityKeyAlgorithm = z.infer<typeof heldAuthorityKeyAlgorithmSchema>;
export type AuthorityKeyAlgorithm = z.infer<typeof authorityKeyAlgorithmSchema>;
export type LeafKeyAlgorithm = z.infer<typeof leafKeyAlgorithmSchema>;
export type KeyAlgorithm = z.infer<typeof keyAlgorithmSchema>;

/** The mTLS document's defaults. */
export const authorityDefaults = {
  subject: '/C=CZ/ST=Prague/O=CPI IoT Platform/CN=CPI Root CA',
  keyAlgorithm: 'RSA-4096',
  validityDays: 3650,
} as const;
export const deviceCertificateDefaults = { keyAlgorithm: 'RSA-2048', validityDays: 730 } as const;

/** document: signed one document, with a key that was thrown away. */
export const certificateKinds = ['device', 'broker', 'console', 'probe', 'document'] as const;
export const certificateKindSchema = z.enum(certificateKinds);
export type CertificateKind = z.infer<typeof certificateKindSchema>;

/**
 * issued: exists, not in force yet. active: in force. superseded: replaced, still valid until it ends.
 * revoked: on the CRL.
 */
export const certificateStates = ['issued', 'active', 'superseded', 'revoked'] as const;
export const certificateStateSchema = z.enum(certificateStates);
export type CertificateState = z.infer<typeof certificateStateSchema>;

/** RFC 5280, 5.3.1, but for `removeFromCRL`, which belongs to delta CRLs. `unspecified` is left out of a CRL. */
export const revocationReasons = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
  'aACompromise',
] as const;
export const revocationReasonSchema = z.enum(revocationReasons);
export type RevocationReason = z.infer<typeof revocationReasonSchema>;

/**
 * Those that make sense for a plant. A hold would have to be lifted by a later CRL: a plant that shall rest is revoked
 * and provisioned again.
 */
export const plantRevocationReasons = [
  'unspecified',
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'privilegeWithdrawn',
] as const satisfies readonly RevocationReason[];
export const plantRevocationReasonSchema = z.enum(plantRevocationReasons);
export type PlantRevocationReason = z.infer<typeof plantRevocationReasonSchema>;

export const certificateSchema = z.object({
  /** Serial number, lower-case hex without leading zeros' sign byte. */
  serialNumber: z.string(),
  kind: certificateKindSchema,
  subject: z.string(),
  subjectAltNames: z.array(z.string()),
  plantId: plantIdSchema.nullable(),
  keyAlgorithm: keyAlgorithmSchema,
  /** SHA-256 of the DER, as `openssl x509 -fingerprint -sha256` prints it: upper-case hex pairs with colons. */
  fingerprint: z.string(),
  notBefore: timestampSchema,
  notAfter: timestampSchema,
  state: certificateStateSchema,
  revokedAt: timestampSchema.nullable(),
  revocationReason: revocationReasonSchema.nullable(),
  /** Since when its key must be taken for lost, where that is known (RFC 5280, 5.3.2). */
  invalidityDate: timestampSchema.nullable(),
});
export type Certificate = z.infer<typeof certificateSchema>;

/**
 * Brokers refuse every certificate once nextUpdate has passed, so a CRL is due for renewal from half of its life on:
 * time enough for a second visit to a plant that nobody could reach at the first.
 */
export const crlStates = ['fresh', 'renew-soon', 'expired'] as const;
export const crlStateSchema = z.enum(crlStates);
export type CrlState = z.infer<typeof crlStateSchema>;

/** The longest that a CRL may be good for; and, by default, a year, which covers a site that is visited once a season. */
export const maxCrlDays = 3650;
export const defaultCrlDays = 365;

/** The dates are ISO 8601. */
export function crlStateAt(crl: { readonly thisUpdate: string; readonly nextUpdate: string }, now: Date): CrlState {
  const [from, until] = [Date.parse(crl.thisUpdate), Date.parse(crl.nextUpdate)];
  if (now.getTime() >= until) return 'expired';
  return now.getTime() >= (from + until) / 2 ? 'renew-soon' : 'fresh';
}

/**
 * next: being made known, issues nothing yet. current: issues. retiring: issues no more, still trusted.
 * retired: brokers trust it no more; its CRL goes on until the last of its certificates has ended.
 */
export const authorityStates = ['next', 'current', 'retiring', 'retired'] as const;
export const authorityStateSchema = z.enum(authorityStates);
export type AuthorityState = z.infer<typeof authorityStateSchema>;

/** In decimal digits: there may be 20 octets of them (RFC 5280, 5.2.3), more than a JSON number holds. */
export const crlNumberSchema = z.string().regex(/^\d{1,49}$/);

export const authoritySchema = z.object({
  subject: z.string(),
  keyAlgorithm: heldAuthorityKeyAlgorithmSchema,
  serialNumber: z.string(),
  fingerprint: z.string(),
  notBefore: timestampSchema,
  notAfter: timestampSchema,
  crl: z.object({
    number: crlNumberSchema,
    thisUpdate: timestampSchema,
    nextUpdate: timestampSchema,
    state: crlStateSchema,
    revokedCount: z.number().int(),
    /** How long the next list will be good for. */
    nextUpdateDays: z.number().int(),
  }),
});
export type Authority = z.infer<typeof authoritySchema>;
