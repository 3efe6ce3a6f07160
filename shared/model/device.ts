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

const passwordSchema = z.string().min(1).max(1024);

/** A password also answers a server that asks for it by keyboard-interactive. */
export const deviceLoginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('password'), password: passwordSchema }),
  z.object({
    kind: z.literal('privateKey'),
    privateKeyPem: z.string().min(1).max(65536),
    /** Left out: the key is under none. */
    passphrase: passwordSchema.optional(),
  }),
  z.object({ kind: z.literal('agent') }),
]);
export type DeviceLogin = z.infer<typeof deviceLoginSchema>;

/** What a device is logged in to with: kept sealed, all of it together. */
export const deviceSecretSchema = z.object({
  login: deviceLoginSchema,
  /** What sudo asks for. Left out: nothing, or the login's own password. */
  rightsPassword: passwordSchema.optional(),
  /** Left out: the jump host takes the same login. */
  jumpLogin: deviceLoginSchema.optional(),
});
export type DeviceSecret = z.infer<typeof deviceSecretSchema>;

/** How files come onto a device. sftp: without a shell. scp: `scp -t`, and a shell for the rest. */
export const deviceTransportSchema = z.enum(['shell', 'sftp', 'scp']);
export type DeviceTransport = z.infer<typeof deviceTransportSchema>;

/** What the scripts on a device run with: the login's own rights, or root's. doas asks for no password (`nopass`). */
export const deviceRightsSchema = z.enum(['login', 'sudo', 'doas']);
export type DeviceRights = z.infer<typeof deviceRightsSchema>;

const accountName = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}';

/** `user` or `user:group` of the MQTT client, by name or number. */
export const deviceOwnerSchema = z
  .string()
  .regex(new RegExp(`^${accountName}(:${accountName})?$`), 'must be user or user:group');

/** One line for `sh`. The operator's own words, so that nothing of it is interpreted here. */
export const restartCommandSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line without control characters');

const portSchema = z.number().int().min(1).max(65535).default(22);
const usernameSchema = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/, 'must be a user name');

export const jumpHostSchema = z.object({ host: hostnameSchema, port: portSchema, username: usernameSchema });
export type JumpHostAddress = z.infer<typeof jumpHostSchema>;

export const deviceInputSchema = z
  .object({
    host: hostnameSchema,
    port: portSchema,
    username: usernameSchema,
    /** Left out: the stored login stays. */
    login: deviceLoginSchema.optional(),
    directory: deviceDirectorySchema.default(defaultDeviceDirectory),
    transport: deviceTransportSchema.default('shell'),
    rights: deviceRightsSchema.default('login'),
    /** What sudo asks for. Left out: what is stored stays. */
    rightsPassword: passwordSchema.optional(),
    owner: deviceOwnerSchema.nullable().default(null),
    /** Run after an installation, so that the MQTT client reads its files anew. */
    restartCommand: restartCommandSchema.nullable().default(null),
    /** A host that the connection goes through. The device's address is the one that it has from there. */
    jump: jumpHostSchema.nullable().default(null),
    /** Left out: what is stored stays; a new jump host takes the `login` that is given beside it. */
    jumpLogin: deviceLoginSchema.optional(),
    allowsLegacyAlgorithms: z.boolean().default(false),
  })
  .superRefine((device, check) => {
    const refuse = (field: string, message: string) => check.addIssue({ code: 'custom', path: [field], message });
    if (device.transport !== 'shell' && device.rights !== 'login')
      refuse('rights', `must be the login's own: ${device.transport} has no others`);
    if (device.transport === 'sftp' && device.restartCommand !== null)
      refuse('restartCommand', 'needs a shell on the device');
    if (device.transport === 'sftp' && device.owner !== null && !/^\d+:\d+$/.test(device.owner))
      refuse('owner', 'must be numbers (user:group): without a shell no name can be looked up');
    if (device.rights !== 'sudo' && device.rightsPassword !== undefined) refuse('rightsPassword', 'is for sudo only');
    if (device.jump === null && device.jumpLogin !== undefined) refuse('jumpLogin', 'needs a jump host');
  });
export type DeviceInput = z.infer<typeof deviceInputSchema>;

/** A host on the way to a device. */
export const deviceHostRoleSchema = z.enum(['jump', 'device']);
export type DeviceHostRole = z.infer<typeof deviceHostRoleSchema>;

const loginKindSchema = z.enum(['password', 'privateKey', 'agent']);

/** What is shown of a device: everything but its login secrets. */
export const deviceSchema = z.object({
  plantId: plantIdSchema,
  host: z.string(),
  port: z.number().int(),
  username: z.string(),
  authentication: loginKindSchema,
  directory: z.string(),
  transport: deviceTransportSchema,
  rights: deviceRightsSchema,
  hasRightsPassword: z.boolean(),
  owner: z.string().nullable(),
  restartCommand: z.string().nullable(),
  jump: jumpHostSchema.nullable(),
  /** Null: the jump host takes the login of the device, or there is none. */
  jumpAuthentication: loginKindSchema.nullable(),
  /** Null until the operator confirmed the host key. */
  jumpHostKeyFingerprint: hostKeyFingerprintSchema.nullable(),
  allowsLegacyAlgorithms: z.boolean(),
  /** Null until the operator confirmed the host key. */
  hostKeyFingerprint: hostKeyFingerprintSchema.nullable(),
  /** Plants at another address whose device has the same host key: one device under two addresses, or cloned ones. */
  sharesHostKeyWith: z.array(plantIdSchema),
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
