import { z } from 'zod';
import { hostnameSchema, plainPathSchema } from './broker.ts';
import { plantIdSchema, timestampSchema } from './plant.ts';

/** SHA-256 of a raw host key in base64 without padding; `ssh-keygen -lf` prints it after `SHA256:`. */
export const hostKeyFingerprintSchema = z.string().regex(/^[A-Za-z0-9+/]{43}$/, 'must be a SHA-256 fingerprint');

/** What an operator confirms, also with the `SHA256:` that `ssh-keygen -lf` prints before it. */
export const confirmedFingerprintSchema = z
  .string()
  .trim()
  .transform((text) => text.replace(/^SHA256:/, ''))
  .pipe(hostKeyFingerprintSchema);

export const hostKeySchema = z.object({ algorithm: z.string(), fingerprint: hostKeyFingerprintSchema });
export type HostKey = z.infer<typeof hostKeySchema>;

export const deviceDirectorySchema = plainPathSchema;
export const defaultDeviceDirectory = '/etc/voke';

export const deviceLoginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('password'), password: z.string().min(1).max(1024) }),
  z.object({ kind: z.literal('privateKey'), privateKeyPem: z.string().min(1).max(65536) }),
  z.object({ kind: z.literal('agent') }),
]);
export type DeviceLogin = z.infer<typeof deviceLoginSchema>;

export const deviceInputSchema = z.object({
  host: hostnameSchema,
  port: z.number().int().min(1).max(65535).default(22),
  username: z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'must be a user name'),
  /** Left out: the stored login stays. */
  login: deviceLoginSchema.optional(),
  directory: deviceDirectorySchema.default(defaultDeviceDirectory),
});
export type DeviceInput = z.infer<typeof deviceInputSchema>;

/** What is shown of a device: everything but its login secret. */
export const deviceSchema = z.object({
  plantId: plantIdSchema,
  host: z.string(),
  port: z.number().int(),
  username: z.string(),
  authentication: z.enum(['password', 'privateKey', 'agent']),
  directory: z.string(),
  /** Null until the operator confirmed the host key. */
  hostKeyFingerprint: hostKeyFingerprintSchema.nullable(),
  updatedAt: timestampSchema,
});
export type Device = z.infer<typeof deviceSchema>;

/** One file as the device itself reports it after a deployment. */
export const deviceFileSchema = z.object({
  name: z.string(),
  /** Permission bits, such as 0o600. */
  mode: z.number().int(),
  /** SHA-256 of the content, 64 lower-case hex digits; null where the login may not read the file. */
  sha256: z.string().nullable(),
});
export type DeviceFile = z.infer<typeof deviceFileSchema>;
