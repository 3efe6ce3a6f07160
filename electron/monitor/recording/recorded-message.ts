import { z } from 'zod';
import { messagePropertiesSchema } from '../../../shared/model/message-properties.ts';
import type { IncomingMessage } from '../topic-store.ts';

/** Of one payload; a larger one is not recorded, and counted. */
export const maxRecordedPayloadBytes = 4 * 1024 * 1024;

/** A line is a topic, properties and a payload in base64; one that is longer was not written by a recorder. */
export const maxRecordedLineBytes = 8 * 1024 * 1024;

/** One line of a recording. */
export const recordedMessageSchema = z.object({
  /** When the console received it, Unix milliseconds; to the end of the year 9999. */
  time: z.number().int().min(0).max(253_402_300_799_999),
  topic: z.string().min(1).max(65_535),
  payloadBase64: z.base64(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  retain: z.boolean(),
  /** Of MQTT 5, where the sender said something. */
  properties: messagePropertiesSchema.optional(),
});
export type RecordedMessage = z.infer<typeof recordedMessageSchema>;

/** As the monitor takes it in. */
export const toIncoming = (message: RecordedMessage): IncomingMessage => ({
  topic: message.topic,
  payload: Buffer.from(message.payloadBase64, 'base64'),
  qos: message.qos,
  retained: message.retain,
  receivedAt: message.time,
  properties: message.properties,
});
