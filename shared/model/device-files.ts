// The files that a credential becomes on a device: what the console writes and a PLC reads.
// Names follow the mTLS document (`/etc/voke/ca.crt`, `device.crt`, `device.key`); no file but those marked as secret holds one.

import { z } from 'zod';
import { type AuthMethod, authMethodSchema, plantIdSchema, timestampSchema } from './plant.ts';

export const publicFileMode = 0o644;
export const secretFileMode = 0o600;

/** Every name that a deployment may own on a device, with its mode. */
export const deviceFileModes = {
  'ca.crt': publicFileMode,
  'connection.json': publicFileMode,
  'device.crt': publicFileMode,
  'device.key': secretFileMode,
  'credentials.json': secretFileMode,
  'token.json': secretFileMode,
  'hmac.secret': secretFileMode,
} as const;
export type DeviceFileName = keyof typeof deviceFileModes;
export const deviceFileNames = Object.keys(deviceFileModes) as DeviceFileName[];

/** What a deployment writes, by auth method; every other name of ours is removed. */
export const fileNamesOf: Readonly<Record<AuthMethod, readonly DeviceFileName[]>> = {
  MTLS: ['ca.crt', 'connection.json', 'device.crt', 'device.key', 'hmac.secret'],
  PASSWORD: ['ca.crt', 'connection.json', 'credentials.json', 'hmac.secret'],
  TOKEN: ['ca.crt', 'connection.json', 'token.json', 'hmac.secret'],
};

/** `connection.json`: where to connect and as whom. `clientId` is the plant's UUID, or `plc-` + 8 hex digits for PASSWORD. */
export const connectionFileSchema = z.object({
  plantId: plantIdSchema,
  authMethod: authMethodSchema,
  /** `mqtts://host`, without the port; `mqtt://host` for a broker without TLS. */
  broker: z.string(),
  port: z.number().int().min(1).max(65535),
  clientId: z.string(),
  topics: z.object({
    telemetry: z.string(),
    command: z.string(),
    ack: z.string(),
    status: z.string(),
    alarm: z.string(),
  }),
});
export type ConnectionFile = z.infer<typeof connectionFileSchema>;

/** `credentials.json` of a PASSWORD plant. */
export const credentialsFileSchema = z.object({ username: z.string(), password: z.string(), clientId: z.string() });
export type CredentialsFile = z.infer<typeof credentialsFileSchema>;

/** `token.json` of a TOKEN plant: the token travels as the MQTT password. */
export const tokenFileSchema = z.object({ username: z.string(), token: z.string(), expiresAt: timestampSchema });
export type TokenFile = z.infer<typeof tokenFileSchema>;
