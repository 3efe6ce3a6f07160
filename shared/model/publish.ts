import { z } from 'zod';
import { messagePropertiesSchema } from './message-properties.ts';
import { labelSchema, plantIdSchema, timestampSchema } from './plant.ts';
import { isTopicFilter, isTopicName } from './topics.ts';
import { vokeCommandTypes } from './voke-commands.ts';

/** Of one payload, in octets: far more than any broker of plants takes. */
const maxPayloadBytes = 262_144;

const topicNameSchema = z
  .string()
  .refine(isTopicName, 'must be a topic without wildcards (+, #), of 1 to 65,535 bytes');

const deliverySchema = z.object({
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  retain: z.boolean(),
  /** Left out over MQTT 3.1.1, which has none. */
  properties: messagePropertiesSchema.optional(),
});

/** What is published. An empty retained payload deletes what the broker keeps under the topic. */
export const outgoingMessageSchema = deliverySchema.extend({
  topic: topicNameSchema,
  payloadBase64: z.base64().max(Math.ceil(maxPayloadBytes / 3) * 4),
});
export type OutgoingMessage = z.infer<typeof outgoingMessageSchema>;

/** A command of Voke's protocol before it has its `cmdId`, its time and its signature. */
export const plantCommandSchema = z.object({
  plantId: plantIdSchema,
  type: z.enum(vokeCommandTypes),
  /** `p` of the command. */
  parameters: z.record(z.string(), z.json()),
  /** Both spellings occur in the field. */
  topicName: z.enum(['command', 'commands']).default('command'),
});
export type PlantCommand = z.infer<typeof plantCommandSchema>;

/** What would happen, before it does. */
export const publishCheckSchema = z.object({
  /** In whose name. */
  identity: z.string(),
  /** What publishing does, a sentence each. */
  consequences: z.array(z.string()),
  warnings: z.array(z.string()),
  /** Has to come with the publish, once, within five minutes and for exactly this; null where none is asked for. */
  confirmation: z.string().nullable(),
});
export type PublishCheck = z.infer<typeof publishCheckSchema>;

export const publishAnswerSchema = z.object({
  /** sent: nothing is answered at QoS 0. accepted: by the broker; over MQTT 3.1.1 that is said also where an ACL denies. */
  result: z.enum(['sent', 'accepted', 'no-subscribers', 'refused']),
  /** Of MQTT 5's PUBACK or PUBREC (section 3.4.2.1); null where the broker gave none. */
  reasonCode: z.number().int().nullable(),
  words: z.string(),
});
export type PublishAnswer = z.infer<typeof publishAnswerSchema>;

export const publishOutcomeSchema = publishAnswerSchema.extend({
  /** The console heard the message back from the broker, which proves that it was let through; null where it does not listen. */
  heardBack: z.boolean().nullable(),
});
export type PublishOutcome = z.infer<typeof publishOutcomeSchema>;

export const commandProgressSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('published'),
    cmdId: z.uuid(),
    topic: z.string(),
    /** The message as it was sent. */
    text: z.string(),
    answer: publishAnswerSchema,
  }),
  z.object({
    state: z.literal('acknowledged'),
    /** `st` as the plant said it, and what it said of an error. */
    status: z.string(),
    detail: z.string().nullable(),
    signature: z.enum(['valid', 'invalid', 'absent', 'unknown']),
    afterMs: z.number().int().min(0),
  }),
  z.object({ state: z.literal('silent'), seconds: z.number().int() }),
]);
export type CommandProgress = z.infer<typeof commandProgressSchema>;

export const templateContentSchema = deliverySchema.extend({
  name: labelSchema,
  topic: topicNameSchema,
  /** As it is typed, in this encoding. */
  payload: z.string().max(2 * maxPayloadBytes),
  encoding: z.enum(['text', 'hex', 'base64']),
});
export const publishTemplateSchema = templateContentSchema.extend({
  templateId: z.uuid(),
  updatedAt: timestampSchema,
});
export type TemplateContent = z.infer<typeof templateContentSchema>;
export type PublishTemplate = z.infer<typeof publishTemplateSchema>;

/** Whose retained messages are looked for; what brokers say of themselves is none of it. */
export const retainedFilterSchema = z
  .string()
  .refine(isTopicFilter, 'must be a topic filter: + fills a level, # the last one')
  .refine((filter) => !filter.startsWith('$'), 'must not begin with $: those topics are the broker’s own');

export const retainedListSchema = z.object({
  topics: z.array(z.object({ topic: z.string(), payloadBytes: z.number().int() })),
  /** There are more than one look lists. */
  isCut: z.boolean(),
  consequences: z.array(z.string()),
  /** Deletes exactly these, once, within five minutes; null where there are none. */
  confirmation: z.string().nullable(),
});
export type RetainedList = z.infer<typeof retainedListSchema>;
