import { z } from 'zod';
import { timestampSchema } from './plant.ts';

/** The last message of one topic, as the tree shows it. */
export const topicValueSchema = z.object({
  topic: z.string(),
  /** Beginning of the payload as text; bytes that are no UTF-8 and control characters are shown as escapes. */
  preview: z.string(),
  payloadBytes: z.number().int(),
  messageCount: z.number().int(),
  retained: z.boolean(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  receivedAt: timestampSchema,
});
export type TopicValue = z.infer<typeof topicValueSchema>;

/** connecting, connected; refused: the broker said no; disconnected: the link is down and is being retried; stopped: by the operator. */
export const monitorConnectionSchema = z.object({
  state: z.enum(['stopped', 'connecting', 'connected', 'refused', 'disconnected']),
  /** Why, in words, when it is not connected. */
  reason: z.string().nullable(),
});
export type MonitorConnection = z.infer<typeof monitorConnectionSchema>;

export const monitorCountsSchema = z.object({
  messages: z.number().int(),
  topics: z.number().int(),
  payloadBytes: z.number().int(),
  /** Never silently: new topics beyond the budget, and values overwritten before this window could be told. */
  droppedTopics: z.number().int(),
  coalesced: z.number().int(),
});
export type MonitorCounts = z.infer<typeof monitorCountsSchema>;

/** What changed since the frame before; the first frame holds everything. */
export const monitorFrameSchema = z.object({
  reset: z.boolean(),
  connection: monitorConnectionSchema,
  counts: monitorCountsSchema,
  topics: z.array(topicValueSchema),
});
export type MonitorFrame = z.infer<typeof monitorFrameSchema>;

export const monitorMessageSchema = topicValueSchema.extend({
  /** The payload whole, in base64: payloads are hostile, and are decoded for showing only. */
  payloadBase64: z.string(),
  signature: z.enum(['valid', 'invalid', 'absent', 'unknown']),
});
export type MonitorMessage = z.infer<typeof monitorMessageSchema>;
