import { z } from 'zod';
import { type AuthMethod, authMethodSchema, plantIdSchema, timestampSchema } from './plant.ts';

const passwordAuthSchema = z.object({ username: z.string(), password: z.string() });
/** Without the key where the device made it and keeps it to itself. */
const certificateAuthSchema = z.union([
  z.object({ deviceCertPem: z.string(), deviceKeyPem: z.string() }),
  z.object({ deviceCertPem: z.string() }),
]);
const tokenAuthSchema = z.object({ username: z.string(), token: z.string(), expiresAt: timestampSchema });

/** The PASSWORD document's JSON in its order of fields; only `auth` differs by method. */
const packageSchema = <Method extends AuthMethod, Auth extends z.ZodType>(authMethod: Method, auth: Auth) =>
  z.object({
    plantId: plantIdSchema,
    authMethod: z.literal(authMethod),
    connection: z.object({
      /** `mqtts://host`, without the port; `mqtt://host` for a broker without TLS. */
      broker: z.string(),
      port: z.number().int(),
      useTls: z.boolean(),
      clientId: z.string(),
    }),
    auth,
    tls: z.object({ caCertPem: z.string() }),
    topics: z.object({
      telemetry: z.string(),
      command: z.string(),
      ack: z.string(),
      status: z.string(),
      alarm: z.string(),
    }),
    recommended: z.object({ qos: z.literal(1), keepAlive: z.literal(60) }),
    /** Key of the HMAC-SHA256 message signatures; at least 32 characters. */
    hmacSecret: z.string().min(32),
  });

export const provisioningPackageSchema = z.discriminatedUnion('authMethod', [
  packageSchema('PASSWORD', passwordAuthSchema),
  packageSchema('MTLS', certificateAuthSchema),
  packageSchema('TOKEN', tokenAuthSchema),
]);
export type ProvisioningPackage = z.infer<typeof provisioningPackageSchema>;

/** issued -> deployed (on the device) -> active (a session was verified) -> superseded or revoked. */
export const credentialStates = ['issued', 'deployed', 'active', 'superseded', 'revoked'] as const;
export const credentialStateSchema = z.enum(credentialStates);
export type CredentialState = z.infer<typeof credentialStateSchema>;

export const credentialSchema = z.object({
  credentialId: z.string(),
  plantId: plantIdSchema,
  authMethod: authMethodSchema,
  state: credentialStateSchema,
  createdAt: timestampSchema,
  expiresAt: timestampSchema.nullable(),
  certificateSerialNumber: z.string().nullable(),
  /** False once the secrets were deployed or downloaded: then they exist only where they went. */
  secretsAvailable: z.boolean(),
});
export type Credential = z.infer<typeof credentialSchema>;

export const maxTokenTtlSeconds = 86_400;
export const defaultTokenTtlSeconds = 3_600;
