import { z } from 'zod';
import { messagePropertiesSchema } from './message-properties.ts';
import { messageHistoryCountsSchema, replayVerdictSchema, signatureStateSchema } from './monitor.ts';
import { timestampSchema } from './plant.ts';

/** An earlier message of a topic. */
export const historyMessageSchema = z.object({
  /** Names the message for as long as it is kept; a later one has a larger number. */
  messageId: z.number().int(),
  receivedAt: timestampSchema,
  /** Its true size; more than `payloadBase64` holds when only the beginning was kept or asked for. */
  payloadBytes: z.number().int(),
  payloadBase64: z.string(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  retained: z.boolean(),
  /** null where there are none, as always in MQTT 3.1.1. */
  properties: messagePropertiesSchema.nullable(),
  /** Whether it had properties that found no room. */
  lacksProperties: z.boolean(),
});
export type HistoryMessage = z.infer<typeof historyMessageSchema>;

/** One of them, opened. */
export const pastMonitorMessageSchema = historyMessageSchema.extend({
  signature: signatureStateSchema,
  replay: replayVerdictSchema,
});
export type PastMonitorMessage = z.infer<typeof pastMonitorMessageSchema>;

export const topicHistorySchema = z.object({
  /** Newest first. */
  messages: z.array(historyMessageSchema),
  /** Whether older ones are kept: ask for those before the last of these. */
  hasMore: z.boolean(),
  /** Messages of the topic that were heard: those that are not kept are missing. */
  heard: z.number().int(),
  allTopics: messageHistoryCountsSchema,
});
export type TopicHistory = z.infer<typeof topicHistorySchema>;

/** Numbers over time, oldest first, as two arrays of one length: a plot takes them as they are. */
export const numericSeriesSchema = z.object({
  /** JSON Pointer (RFC 6901); empty for a payload that is a number. */
  path: z.string(),
  /** Unix milliseconds. */
  times: z.array(z.number()),
  values: z.array(z.number()),
});
export type NumericSeries = z.infer<typeof numericSeriesSchema>;

export const topicSeriesSchema = z.object({
  series: z.array(numericSeriesSchema),
  /** Messages that were read, and those of them that hold none of the paths as a number. */
  messages: z.number().int(),
  withoutNumber: z.number().int(),
  /** The newest message that was read: ask with `after` for what came since. null when there is none. */
  newestMessageId: z.number().int().nullable(),
});
export type TopicSeries = z.infer<typeof topicSeriesSchema>;
