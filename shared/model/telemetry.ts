import { z } from 'zod';
import { canonicalJson } from './canonical-json.ts';

/** The snapshot envelope of Voke's protocol, recognised by its top-level `devices` array. */
export const deviceReadingSchema = z.object({
  externalId: z.string(),
  type: z.enum(['CABINET', 'METER', 'INVERTER', 'BATTERY']),
  /** uint32 bit mask; CABINET only. */
  raw: z.number().int().min(0).max(0xffffffff).optional(),
  values: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
});

export const snapshotSchema = z.object({
  /** Unix time in milliseconds. */
  ts: z.number().int(),
  /** Nonce: 8 or more hex digits, unique. */
  n: z.string().regex(/^[0-9a-f]{8,}$/i),
  /** HMAC-SHA256, 64 hex digits. */
  sig: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .optional(),
  timestamp: z.union([z.string(), z.number()]),
  devices: z.array(deviceReadingSchema),
});
export type Snapshot = z.infer<typeof snapshotSchema>;
export type UnsignedSnapshot = Omit<Snapshot, 'sig'>;

type Message = Record<string, unknown>;
type SignedPart = (deviceId: string, message: Message) => string;

const text =
  (field: string): SignedPart =>
  (_deviceId, message) =>
    String(message[field] ?? '');
const json =
  (field: string): SignedPart =>
  (_deviceId, message) =>
    canonicalJson(message[field] ?? {});
const deviceId: SignedPart = (id) => id;

/**
 * The parts of each signed message, in order. Only `command` is published by Voke;
 * the orders marked as assumed follow its pattern, so that a correction is one line here.
 */
export const signatureParts = {
  command: { assumed: false, parts: [deviceId, text('cmdId'), text('ts'), text('type'), json('p')] },
  telemetry: { assumed: true, parts: [deviceId, text('ts'), text('n'), json('devices')] },
  ack: { assumed: true, parts: [deviceId, text('cmdId'), text('ts'), text('n'), text('st')] },
  alarm: { assumed: true, parts: [deviceId, text('alarmId'), text('ts'), text('n'), text('ev'), text('code')] },
} as const satisfies Record<string, { assumed: boolean; parts: readonly SignedPart[] }>;

export type SignedMessageKind = keyof typeof signatureParts;

/** The text that HMAC-SHA256 is taken over: the parts joined by `|`. */
export const textToSign = (kind: SignedMessageKind, plantId: string, message: Message): string =>
  signatureParts[kind].parts.map((part) => part(plantId, message)).join('|');
