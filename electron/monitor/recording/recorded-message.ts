import { z } from 'zod';

/** One line of a recording. */
export const recordedMessageSchema = z.object({
  /** When the console received it, Unix milliseconds. */
  time: z.number().int().min(0).max(8_640_000_000_000_000),
  topic: z.string().max(65_535),
  payloadBase64: z.base64(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  retain: z.boolean(),
  /** MQTT 5 properties by name, as text or numbers; absent on MQTT 3.1.1. */
  properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  /** MQTT 5 user properties in order; names may repeat. */
  userProperties: z.array(z.tuple([z.string(), z.string()])).optional(),
});
export type RecordedMessage = z.infer<typeof recordedMessageSchema>;
