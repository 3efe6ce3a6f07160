// What a connection doctor tells: the way of a connection step by step, and why it does not come to its end.
// Nothing in it is a secret: it is made to be copied and sent.

import { z } from 'zod';
import { hostnameSchema } from './broker.ts';
import { causeCodes } from './doctor-causes.ts';
import { jobErrorSchema } from './job.ts';
import { timestampSchema } from './plant.ts';

/** In the order in which a connection comes about. */
export const doctorStepNames = ['name', 'tcp', 'tls', 'connect', 'subscribe', 'publish', 'receive'] as const;
export const doctorStepNameSchema = z.enum(doctorStepNames);
export type DoctorStepName = z.infer<typeof doctorStepNameSchema>;

/** notReached: something before it failed. notApplicable: this connection has no such step, or nobody asked for it. */
export const doctorStepStateSchema = z.enum([
  'waiting',
  'running',
  'passed',
  'warned',
  'failed',
  'notReached',
  'notApplicable',
]);
export type DoctorStepState = z.infer<typeof doctorStepStateSchema>;

/** One fact, such as what a certificate says or a line of the broker's log. */
export const evidenceSchema = z.object({ label: z.string(), value: z.string() });
export type Evidence = z.infer<typeof evidenceSchema>;

export const doctorStepSchema = z.object({
  name: doctorStepNameSchema,
  state: doctorStepStateSchema,
  /** What happened, in a sentence. */
  summary: z.string(),
  evidence: z.array(evidenceSchema),
});
export type DoctorStep = z.infer<typeof doctorStepSchema>;

export const causeSchema = z.object({
  code: z.enum(causeCodes),
  /** What is wrong, in a sentence. */
  title: z.string(),
  /** What is special about this case. */
  because: z.string().nullable(),
  /** What to do. */
  advice: z.string(),
});
export type Cause = z.infer<typeof causeSchema>;

export const diagnosisSchema = z.object({
  diagnosisId: z.string(),
  /** A plant's name, or the address. */
  subject: z.string(),
  /** host:port, and as whom, as `username (client id)`. */
  address: z.string(),
  identity: z.string(),
  state: z.enum(['running', 'finished']),
  startedAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
  steps: z.array(doctorStepSchema),
  /** Why the examination itself ended early, such as a vault that was locked. */
  problem: jobErrorSchema.nullable(),
  /** The likeliest first; empty when nothing stands in the way. */
  causes: z.array(causeSchema),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

const pemSchema = z.string().min(1).max(262_144);
const topicSchema = z.string().min(1).max(1024);

/** What a client's connection is configured as. */
export const connectionSchema = z.object({
  /** Also a name that no server has: that is for the diagnosis to say. */
  host: z.string().trim().min(1).max(253),
  port: z.number().int().min(1).max(65535),
  useTls: z.boolean().default(true),
  /** Left out: what plants shall trust now. Null: the client has none. */
  authorityPem: pemSchema.nullish(),
  /** The name that the broker's certificate must hold, where that is not `host`. */
  serverName: hostnameSchema.optional(),
  certificatePem: pemSchema.optional(),
  keyPem: pemSchema.optional(),
  username: z.string().max(1024).optional(),
  /** Or a token. */
  password: z.string().max(65_535).optional(),
  /** Left out: one of the diagnosis's own. */
  clientId: z.string().min(1).max(1024).optional(),
  protocolVersion: z.union([z.literal(4), z.literal(5)]).default(5),
  reads: topicSchema.optional(),
  writes: topicSchema.refine((topic) => !/[+#]/.test(topic), 'must not have wildcards').optional(),
  payloadBytes: z.number().int().min(0).max(1_000_000).default(0),
});
export type Connection = z.infer<typeof connectionSchema>;

/** What the operator allows the diagnosis to do. */
export const diagnosisPermissionsSchema = z.object({
  /** Send a message on both topics: not retained and not signed, so that no plant obeys it. */
  exchanges: z.boolean().default(false),
  /** Use the client's own id, and end its live session by that. */
  takesOver: z.boolean().default(false),
});
export type DiagnosisPermissions = z.infer<typeof diagnosisPermissionsSchema>;
