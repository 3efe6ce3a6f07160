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

/** Of a string in MQTT 5 (1.5.4); a broker ends the session of who sends anything else. */
const mqttText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be text without NUL')
  .refine((text) => new TextEncoder().encode(text).length <= 65_535, 'must have 65,535 bytes at most');

const maxUserProperties = 100;

/** What may be said of a message that is sent (MQTT 5, 3.3.2.3). */
const outgoingPropertiesSchema = messagePropertiesSchema.extend({
  contentType: mqttText.optional(),
  responseTopic: topicNameSchema.optional(),
  correlationDataBase64: z.base64().max(87_380).optional(),
  /** Seconds that a broker keeps it for who is not there. */
  messageExpiryInterval: z.number().int().min(0).max(4_294_967_295).optional(),
  userProperties: z
    .array(z.tuple([mqttText, mqttText]))
    .max(maxUserProperties)
    .optional(),
});

const deliverySchema = z.object({
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  retain: z.boolean(),
  /** Left out over MQTT 3.1.1, which has none; the answer says so. */
  properties: outgoingPropertiesSchema.optional(),
});

/** What is published. An empty retained payload deletes what the broker keeps under the topic. */
export const outgoingMessageSchema = deliverySchema.extend({
  topic: topicNameSchema,
  payloadBase64: z
    .base64()
    .max(Math.ceil(maxPayloadBytes / 3) * 4, 'the payload must have 262,144 bytes (256 KiB) at most'),
});
export type OutgoingMessage = z.infer<typeof outgoingMessageSchema>;

/** What the other fields of a command leave of its 8 KB. */
const maxParameterBytes = 7900;

/** A command of Voke's protocol before it has its `cmdId`, its time and its signature. */
export const plantCommandSchema = z.object({
  plantId: plantIdSchema,
  type: z.enum(vokeCommandTypes),
  /** `p` of the command. */
  parameters: z
    .record(z.string(), z.json())
    .refine(
      (parameters) => new TextEncoder().encode(JSON.stringify(parameters)).length <= maxParameterBytes,
      `must have ${maxParameterBytes} bytes of JSON at most: a message of Voke's protocol has 8,192`,
    ),
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
  /** Names of plants that it reaches and that may be out there now. */
  livePlants: z.array(z.string()),
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

const ackSchema = z.object({
  /** `st` as it was said, and what was said of an error. */
  status: z.string(),
  detail: z.string().nullable(),
  afterMs: z.number().int().min(0),
});

export const commandProgressSchema = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('published'),
    cmdId: z.uuid(),
    topic: z.string(),
    /** The message as it was sent. */
    text: z.string(),
    answer: publishAnswerSchema,
  }),
  /** The plant's own: nothing follows. */
  z.object({
    state: z.literal('acknowledged'),
    ...ackSchema.shape,
    /** Rejected: it names an error. Unclear: its `st` is none of the words that plants are known to use. */
    outcome: z.enum(['accepted', 'rejected', 'unclear']),
    signature: z.enum(['valid', 'absent', 'unknown']),
  }),
  /** The latest of those that anybody could have sent; the plant's own is waited for. */
  z.object({
    state: z.literal('doubted'),
    ...ackSchema.shape,
    signature: z.enum(['invalid', 'absent', 'unknown']),
    /** With all before it. */
    count: z.number().int(),
  }),
  z.object({
    state: z.literal('silent'),
    seconds: z.number().int(),
    doubted: z.number().int(),
    /** false: the console was not connected all the time, so the plant may have acknowledged it unheard. */
    heardAll: z.boolean(),
  }),
]);
export type CommandProgress = z.infer<typeof commandProgressSchema>;

export const templateContentSchema = deliverySchema.extend({
  name: labelSchema,
  topic: topicNameSchema,
  /** As it is typed, in this encoding. */
  payload: z.string().max(2 * maxPayloadBytes, 'must have 524,288 characters at most'),
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
  /** Nothing proved that the broker sent all of them. */
  mayBeIncomplete: z.boolean(),
  consequences: z.array(z.string()),
  /** Deletes exactly these, once, within five minutes; null where there are none. */
  confirmation: z.string().nullable(),
});
export type RetainedList = z.infer<typeof retainedListSchema>;
