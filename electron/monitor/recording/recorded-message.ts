import { z } from 'zod';
import { messagePropertiesSchema } from '../../../shared/model/message-properties.ts';
import { recordedGapSchema, recordedTimeSchema } from '../../../shared/model/recording.ts';
import type { IncomingMessage } from '../topic-store.ts';

/** Of one payload; a larger one is not recorded, and counted. */
export const maxRecordedPayloadBytes = 4 * 1024 * 1024;

/** A line is a topic, properties and a payload in base64; one that is longer was not written by a recorder. */
export const maxRecordedLineBytes = 8 * 1024 * 1024;

/** What is no base64 decodes to less than it should. A pattern takes ten times as long for a payload of megabytes. */
const isBase64 = (text: string): boolean =>
  text.length % 4 === 0 &&
  !text.includes('-') &&
  !text.includes('_') &&
  Buffer.from(text, 'base64').byteLength === Buffer.byteLength(text, 'base64');

/** One line of a recording. */
export const recordedMessageSchema = z.object({
  /** When the console received it. */
  time: recordedTimeSchema,
  topic: z.string().min(1).max(65_535),
  payloadBase64: z.string().refine(isBase64, 'is no base64'),
  /** Of its delivery to the console, which subscribes with QoS 0. */
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  retain: z.boolean(),
  /** Of MQTT 5, where the sender said something. */
  properties: messagePropertiesSchema.optional(),
});
export type RecordedMessage = z.infer<typeof recordedMessageSchema>;

/** Another line of a recording: what is missing there. Whoever reads messages only may skip it. */
export const recordedLossSchema = z.object({ missing: recordedGapSchema });
export type RecordedLoss = z.infer<typeof recordedLossSchema>;

/** As the monitor takes it in. */
export const toIncoming = (message: RecordedMessage): IncomingMessage => ({
  topic: message.topic,
  payload: Buffer.from(message.payloadBase64, 'base64'),
  qos: message.qos,
  retained: message.retain,
  receivedAt: message.time,
  properties: message.properties,
});

const beyondAscii = /[^\x20-\x7e]/;
const beyondAsciiAll = /[^\x20-\x7e]/g;

/** JSON of ASCII alone: a character is a byte, wherever it waits. */
function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!beyondAscii.test(json)) return json;
  return json.replace(beyondAsciiAll, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The line of a message, with its end: ASCII. Put together by hand, since it is done for every message that is heard. */
export function recordedLine({ receivedAt, topic, payload, qos, retained, properties }: IncomingMessage): string {
  const { buffer, byteOffset, byteLength } = payload;
  const bytes = Buffer.isBuffer(payload) ? payload : Buffer.from(buffer, byteOffset, byteLength);
  const payloadBase64 = bytes.toString('base64');
  const rest = properties ? `,"properties":${toJson(properties)}}\n` : '}\n';
  return `{"time":${receivedAt},"topic":${toJson(topic)},"payloadBase64":"${payloadBase64}","qos":${qos},"retain":${retained}${rest}`;
}

export const recordedLossLine = (loss: RecordedLoss): string => `${toJson(loss)}\n`;
