import { z } from 'zod';
import { messagePropertiesSchema } from './message-properties.ts';
import { monitorSettingsSchema } from './monitor-settings.ts';
import { plantIdSchema, timestampSchema } from './plant.ts';

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
  /** Messages a second, over the last seconds. */
  rate: z.number(),
  /** Never silently, what was dropped, and where. In the console: messages whose topic was new and found no room. */
  droppedTopics: z.number().int(),
  /** In the console: values of which only the beginning was kept. */
  cutValues: z.number().int(),
  /** In the console: messages whose MQTT 5 properties found no room. */
  leftOutProperties: z.number().int(),
  /** In the console: earlier messages that made room for newer ones; the tree's values and counts lack nothing. */
  evicted: z.number().int(),
  /** In the console: messages that were too large, of more than 16 MiB or 64 KiB of properties; they were not even read. */
  oversized: z.number().int(),
  /** In the window: values of rows in sight that were overtaken by the next ones before a frame could show them. */
  coalesced: z.number().int(),
  /** In the broker: messages to any of its clients, since the console listens; null where the broker does not say. */
  droppedByBroker: z.number().int().nullable(),
});
export type MonitorCounts = z.infer<typeof monitorCountsSchema>;

/** The most rows that a window can look at. */
export const maxLookRows = 200;

/** What a window looks at; the console sends these rows, and no others. */
export const topicLookSchema = z.object({
  firstRow: z.number().int().min(0).default(0),
  rowCount: z.number().int().min(1).max(maxLookRows).default(60),
  /** A part of a topic, whatever its case; empty for the whole tree. */
  query: z.string().max(500).default(''),
  /** Levels of topics that a query finds besides: what is known to the window by another name. */
  levels: z.array(z.string().max(200)).max(1000).default([]),
  /** Branches, by `nodeId`, that the operator opened or closed. */
  toggled: z.array(z.number().int().min(0)).max(5000).default([]),
  /** The topic, by `nodeId`, of which the window shows the message. */
  selected: z.number().int().min(0).nullable().default(null),
  /** The picture stands still; connection and counts go on. */
  isPaused: z.boolean().default(false),
});
export type TopicLook = z.infer<typeof topicLookSchema>;

/** One line of the tree: a branch, a topic, or both. */
export const topicRowSchema = z.object({
  /** The same for as long as the tree (`treeId`) is. */
  nodeId: z.number().int(),
  /** Its level of the topic, with what could not be seen as escapes, and cut where it is very long. */
  name: z.string(),
  /** 0 for the first level of topics. */
  depth: z.number().int(),
  /** -1 at the first level. */
  parentRow: z.number().int(),
  /** Its place among `siblings`, from 0. */
  index: z.number().int(),
  siblings: z.number().int(),
  isBranch: z.boolean(),
  isOpen: z.boolean(),
  /** Here and below. */
  topicCount: z.number().int(),
  messageCount: z.number().int(),
  /** Messages a second here and below. */
  rate: z.number(),
  /** The last value of the topic that ends here; null for a branch only. */
  value: topicValueSchema
    .pick({ preview: true, payloadBytes: true, retained: true })
    .extend({ /** Unix time in milliseconds. */ receivedAt: z.number() })
    .nullable(),
});
export type TopicRow = z.infer<typeof topicRowSchema>;

export const topicPictureSchema = z.object({
  firstRow: z.number().int(),
  rows: z.array(topicRowSchema),
  totalRows: z.number().int(),
  /** Of a search: the topics found so far, and whether it still runs; null without a query. */
  found: z.object({ topics: z.number().int(), isDone: z.boolean() }).nullable(),
  /** Messages of the selected topic so far; a new number is a reason to ask for its message. */
  selectedMessages: z.number().int().nullable(),
});
export type TopicPicture = z.infer<typeof topicPictureSchema>;

export const monitorFrameSchema = z.object({
  /** Another one means another tree: what is known by `nodeId` is no more. */
  treeId: z.string(),
  /** When it was cut, by the console's clock, in Unix milliseconds. */
  cutAt: z.number(),
  connection: monitorConnectionSchema,
  counts: monitorCountsSchema,
  /** null while it stands still. */
  picture: topicPictureSchema.nullable(),
});
export type MonitorFrame = z.infer<typeof monitorFrameSchema>;

/** One of the monitors that run beside each other. */
export const monitorStateSchema = z.object({
  brokerId: z.string(),
  connection: monitorConnectionSchema,
  /** Messages a second. */
  rate: z.number(),
});
export type MonitorState = z.infer<typeof monitorStateSchema>;

/** As whom is listened, for people: the plant of the credential; null as the console, or when the plant is gone. */
export const asPlantSchema = z.object({ asPlant: plantIdSchema.nullable() });

/** Earlier messages of all topics together, which share one budget. */
export const messageHistoryCountsSchema = z.object({
  /** Messages that are kept, and those that were kept and made room for others. */
  kept: z.number().int(),
  evicted: z.number().int(),
  /** Messages of which only the beginning was kept, or whose properties were left out. */
  cut: z.number().int(),
});
export type MessageHistoryCounts = z.infer<typeof messageHistoryCountsSchema>;

/** One of the monitors, with what it was told and what became of all that it heard. */
export const monitorSummarySchema = z.object({
  brokerId: z.string(),
  connection: monitorConnectionSchema,
  /** In which the session is held: 4 is MQTT 3.1.1; null without one. */
  protocolVersion: z.union([z.literal(5), z.literal(4)]).nullable(),
  settings: monitorSettingsSchema,
  heard: monitorCountsSchema.pick({ messages: true, topics: true, payloadBytes: true, rate: true }),
  history: messageHistoryCountsSchema,
  /** As in the counts of a frame. */
  dropped: z.object({
    byBroker: z.number().int().nullable(),
    topics: z.number().int(),
    cutValues: z.number().int(),
    leftOutProperties: z.number().int(),
    /** Messages that were too large, and not even read. */
    oversized: z.number().int(),
  }),
  /** How often the broker was made to wait, so that the console could do something else. */
  pauses: z.number().int(),
});
export type MonitorSummary = z.infer<typeof monitorSummarySchema>;

/** unknown: the plant's secret is not known, or the payload is not whole. */
export const signatureStateSchema = z.enum(['valid', 'invalid', 'absent', 'unknown']);

/**
 * Of a message with a valid signature: fresh; repeated: its nonce was heard before; too-old, too-new: its time is not
 * that of its arrival; unchecked: too many came at once, or nobody checked it as it came, as what the broker had kept.
 * null: its signature is not valid.
 */
export const replayVerdictSchema = z.enum(['fresh', 'repeated', 'too-old', 'too-new', 'unchecked']).nullable();

export const monitorMessageSchema = topicValueSchema.extend({
  /** The payload whole, in base64: payloads are hostile, and are decoded for showing only. */
  payloadBase64: z.string(),
  /** null where there are none, as always in MQTT 3.1.1. */
  properties: messagePropertiesSchema.nullable(),
  /** Whether it had properties that found no room. */
  lacksProperties: z.boolean(),
  signature: signatureStateSchema,
  replay: replayVerdictSchema,
});
export type MonitorMessage = z.infer<typeof monitorMessageSchema>;
