// The handover record: what was commissioned, by whom, with fingerprints. `handover.json` has the form of `handoverRecordSchema`,
// its keys sorted, and is read in years by people who have nothing but the file: a field never changes its meaning, a new
// form gets a new `formatVersion`. Nothing in it is a secret, nor the hash of a password.

import { z } from 'zod';
import { brokerPortsSchema, brokerProfileSchema, brokerTargetKindSchema } from './broker.ts';
import { authorityStateSchema, crlNumberSchema, heldAuthorityKeyAlgorithmSchema } from './certificate.ts';
import { deploymentStateSchema } from './deployment-state.ts';
import { authMethodSchema, labelSchema, plantIdSchema, plantStatusSchema, timestampSchema } from './plant.ts';
import { credentialStateSchema } from './provisioning.ts';
import { recordingSchema } from './recording.ts';

/** SHA-256 in lower-case hex. */
const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

export const maxHandoverPlants = 10_000;
export const maxHandoverRecordings = 100;
/** Of all recordings' files that travel in one archive. */
export const maxHandoverRecordingBytes = 64 * 1024 * 1024;

/** Which plants a record is about. */
export const handoverChoiceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  /** null: those without a site. */
  z.object({ kind: z.literal('site'), site: labelSchema.nullable() }),
  z.object({ kind: z.literal('plants'), plantIds: z.array(plantIdSchema).min(1).max(maxHandoverPlants) }),
]);
export type HandoverChoice = z.infer<typeof handoverChoiceSchema>;

/** The same as it stands in the record, which names its plants anyway. */
export const handoverScopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({ kind: z.literal('site'), site: z.string().nullable() }),
  z.object({ kind: z.literal('plants') }),
]);
export type HandoverScope = z.infer<typeof handoverScopeSchema>;

export const handoverRemarkTextSchema = z
  .string()
  .trim()
  .max(2000)
  .transform((text) => text.replaceAll(/\r\n?/g, '\n'))
  .refine((text) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text.replaceAll(/[\n\t]/g, '')), 'must be plain text');

export const handoverAuthoritySchema = z.object({
  /** One is current: it issues, and has issued the certificate that this record is signed with. */
  state: authorityStateSchema,
  subject: z.string(),
  serialNumber: z.string(),
  /** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` prints it; so with every fingerprint. */
  fingerprint: z.string(),
  keyAlgorithm: heldAuthorityKeyAlgorithmSchema,
  notBefore: timestampSchema,
  notAfter: timestampSchema,
  crlNumber: crlNumberSchema,
  crlThisUpdate: timestampSchema,
  crlNextUpdate: timestampSchema,
});
export type HandoverAuthority = z.infer<typeof handoverAuthoritySchema>;

export const handoverBrokerSchema = z.object({
  brokerId: z.string(),
  name: z.string(),
  profile: brokerProfileSchema,
  /** practice: the console's built-in one. */
  target: brokerTargetKindSchema,
  host: z.string(),
  ports: brokerPortsSchema,
  certificate: z.object({ serialNumber: z.string(), fingerprint: z.string(), notAfter: timestampSchema }).nullable(),
  /** The last push that was proven and kept; null: none yet. */
  lastPushedAt: timestampSchema.nullable(),
  /** The register changed after it. */
  pushPending: z.boolean(),
  /** When the list that it got then ends: from then on it refuses every certificate. */
  crlNextUpdate: timestampSchema.nullable(),
  /** SHA-256 of the files that it got then, by their names; those that hold secrets are left out. */
  files: z.record(z.string(), sha256Schema),
});
export type HandoverBroker = z.infer<typeof handoverBrokerSchema>;

/**
 * device: installed by the console, or by a bundle whose receipt came back where `deployedBy` is stick. file: handed over as a
 * file. word: it was put in force while it was still here, so somebody brought it there.
 */
export const deployedBySchema = z.enum(['device', 'stick', 'file', 'word']);

export const handoverCredentialSchema = z.object({
  /** What the plant proves itself with. Of a password or token there is no more to tell than when it was issued. */
  kind: z.enum(['certificate', 'password', 'token']),
  state: credentialStateSchema,
  issuedAt: timestampSchema,
  /** null: it has no end of its own. */
  validUntil: timestampSchema.nullable(),
  serialNumber: z.string().nullable(),
  fingerprint: z.string().nullable(),
  /** The private key was made on the device and was never in the console. */
  keyMadeElsewhere: z.boolean(),
  /** It still waits in the console, to be brought to the device. */
  isWaiting: z.boolean(),
  deployedAt: timestampSchema.nullable(),
  deployedBy: deployedBySchema.nullable(),
  /** The first session that was verified with it. */
  firstSessionAt: timestampSchema.nullable(),
  /** Since when it is in force by the operator's word alone, no session having been verified. */
  confirmedAt: timestampSchema.nullable(),
});
export type HandoverCredential = z.infer<typeof handoverCredentialSchema>;

export const handoverPlantSchema = z.object({
  plantId: plantIdSchema,
  name: z.string(),
  site: z.string().nullable(),
  authMethod: authMethodSchema,
  /** MQTT username. */
  username: z.string(),
  status: plantStatusSchema,
  revokedAt: timestampSchema.nullable(),
  lastSeenAt: timestampSchema.nullable(),
  /** The one in force, else the newest that may come into force. */
  credential: handoverCredentialSchema.nullable(),
  /** How what lies on its device compares with the vault, and when the device told. */
  deployment: deploymentStateSchema,
  deviceSeenAt: timestampSchema.nullable(),
  /** Where its device is reached; null where the console knows no address. */
  device: z
    .object({
      host: z.string(),
      port: z.number().int(),
      directory: z.string(),
      /** As `ssh-keygen -lf` prints it after `SHA256:`; null: never confirmed. */
      hostKeyFingerprint: z.string().nullable(),
    })
    .nullable(),
});
export type HandoverPlant = z.infer<typeof handoverPlantSchema>;

export const handoverRemarkKinds = [
  'auditBroken',
  'authorityChanging',
  'authorityEndsSoon',
  'brokerNotPushed',
  'brokerPushPending',
  'crlEndsSoon',
  'credentialEndsSoon',
  'credentialNotProven',
  'deviceDiffers',
  'practiceBroker',
  'plantHeardAfterRevocation',
  'plantNotActive',
  'recordingIncomplete',
  'vaultRestored',
] as const;

/** What whoever takes over should know, in words. */
export const handoverRemarkSchema = z.object({
  kind: z.enum(handoverRemarkKinds),
  /** The plant's, broker's or recording's; null where it is about the whole. */
  id: z.string().nullable(),
  name: z.string(),
  text: z.string(),
});
export type HandoverRemark = z.infer<typeof handoverRemarkSchema>;

/** A file of the archive. */
export const handoverFileSchema = z.object({ name: z.string(), bytes: z.number().int(), sha256: sha256Schema });
export type HandoverFile = z.infer<typeof handoverFileSchema>;

export const handoverFormat = 'voke-handover';

export const handoverRecordSchema = z.object({
  format: z.literal(handoverFormat),
  formatVersion: z.literal(1),
  /** Counts the records of one vault from 1. */
  number: z.number().int(),
  at: timestampSchema,
  /** Whoever hands over and whoever takes over, as the operator wrote it. */
  by: z.string(),
  to: z.string(),
  remark: z.string(),
  /** Who made the record, as the console's audit trail knows them. */
  madeBy: z.string(),
  consoleVersion: z.string(),
  scope: handoverScopeSchema,
  /** The newest line of the console's audit trail before this record; the next line holds the SHA-256 of `handover.json`. */
  audit: z.object({ sequence: z.number().int(), hash: sha256Schema }),
  /** The certificate that the signature was made with; its key was thrown away. */
  signedWith: z.object({ subject: z.string(), serialNumber: z.string(), fingerprint: z.string() }),
  /** The one that issues first. */
  authorities: z.array(handoverAuthoritySchema),
  brokers: z.array(handoverBrokerSchema),
  /** By site and name. */
  plants: z.array(handoverPlantSchema),
  /** As the console keeps them; their files are in the archive where `files` names them. */
  recordings: z.array(recordingSchema),
  remarks: z.array(handoverRemarkSchema),
  /** What else is in the archive, so that the one signature over this file stands for all of it. */
  files: z.array(handoverFileSchema),
});
export type HandoverRecord = z.infer<typeof handoverRecordSchema>;

/** A record as the list shows it. */
export const handoverSchema = z.object({
  number: z.number().int(),
  at: timestampSchema,
  by: z.string(),
  to: z.string(),
  scope: handoverScopeSchema,
  plants: z.number().int(),
  /** The recordings whose files are in the archive. */
  recordingIds: z.array(z.string()),
  /** Of `handover.json`. */
  sha256: sha256Schema,
  /** The line of the audit trail that was written with it. */
  auditSequence: z.number().int(),
  /** Of the certificate that it is signed with. */
  certificateSerialNumber: z.string(),
});
export type Handover = z.infer<typeof handoverSchema>;

/** What a record would say now. */
export const handoverPreviewSchema = z.object({
  plants: z.number().int(),
  active: z.number().int(),
  brokers: z.array(z.string()),
  recordingBytes: z.number().int(),
  remarkCount: z.number().int(),
  /** The first of them. */
  remarks: z.array(handoverRemarkSchema),
});
export type HandoverPreview = z.infer<typeof handoverPreviewSchema>;
