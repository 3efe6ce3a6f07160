import { z } from 'zod';
import { deploymentStateSchema } from './deployment-state.ts';

export const authMethods = ['MTLS', 'PASSWORD', 'TOKEN'] as const;
export const authMethodSchema = z.enum(authMethods);
export type AuthMethod = z.infer<typeof authMethodSchema>;

export const plantStatuses = ['PENDING', 'ACTIVE', 'REVOKED'] as const;
export const plantStatusSchema = z.enum(plantStatuses);
export type PlantStatus = z.infer<typeof plantStatusSchema>;

/** A UUID in lower case. RFC 9562 text form; version and variant are not looked at, since Voke's own examples ignore them. */
export const plantIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, 'must be a UUID')
  .transform((id) => id.toLowerCase())
  .brand('PlantId');
export type PlantId = z.infer<typeof plantIdSchema>;

/** Text for people: trimmed, no control or bidirectional-override characters, 1 to 120 characters. */
export const labelSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(120, 'must have at most 120 characters')
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'must not contain control characters');

export const timestampSchema = z.iso.datetime();

export const plantSchema = z.object({
  plantId: plantIdSchema,
  name: labelSchema,
  site: labelSchema.nullable(),
  authMethod: authMethodSchema,
  status: plantStatusSchema,
  /** MQTT username: `plc-` + 8 hex digits for PASSWORD, the UUID for the others. */
  username: z.string(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
  /** When the credential in force (or, if none yet, the newest issued one) ends; null where it has no end or there is none. */
  credentialExpiresAt: timestampSchema.nullable(),
  /** The newest credential is still here, to be brought to the device. */
  credentialWaits: z.boolean(),
  lastSeenAt: timestampSchema.nullable(),
  /** When its access was withdrawn; null unless it is REVOKED. */
  revokedAt: timestampSchema.nullable(),
  /** Nobody outside the console can know of that yet: it can be taken back. */
  revocationIsOpen: z.boolean(),
  /** It was heard after that: some broker does not know of the revocation yet, or does not obey it. */
  heardAfterRevocation: z.boolean(),
  /** How what lies on its device compares with the vault. */
  deployment: deploymentStateSchema,
});
export type Plant = z.infer<typeof plantSchema>;

/** Whether a plant has a session on a broker now, as far as the brokers can tell. */
export const plantPresenceSchema = z.object({
  connected: z.enum(['yes', 'no', 'unknown']),
  brokers: z.array(z.object({ brokerId: z.string(), name: z.string(), connected: z.enum(['yes', 'no', 'unknown']) })),
  lastSeenAt: timestampSchema.nullable(),
  revokedAt: timestampSchema.nullable(),
  heardAfterRevocation: z.boolean(),
});
export type PlantPresence = z.infer<typeof plantPresenceSchema>;

export const plantInputSchema = z.object({
  plantId: plantIdSchema.optional(),
  name: labelSchema,
  site: labelSchema.nullish(),
  authMethod: authMethodSchema,
});
export type PlantInput = z.infer<typeof plantInputSchema>;

/**
 * The MQTT identity of a plant. PASSWORD plants use `plc-` + the first 8 hex digits of the UUID
 * as username and client id (Voke's PASSWORD document); the others use the UUID itself.
 */
export const mqttUsername = (plantId: PlantId, authMethod: AuthMethod): string =>
  authMethod === 'PASSWORD' ? `plc-${plantId.slice(0, 8)}` : plantId;
