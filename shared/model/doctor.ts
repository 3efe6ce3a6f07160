// What a connection doctor tells: the way of a connection step by step, and why it does not come to its end.
// Nothing in it is a secret: it is made to be copied and sent.

import { z } from 'zod';
import { causeCodes } from './doctor-causes.ts';
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
  /** The likeliest first; empty when nothing stands in the way. */
  causes: z.array(causeSchema),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;
