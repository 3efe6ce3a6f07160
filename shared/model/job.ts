import { z } from 'zod';
import { timestampSchema } from './plant.ts';
import { probeReportSchema } from './probe.ts';

export const jobStepSchema = z.object({
  name: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  detail: z.string().nullable(),
});
export type JobStep = z.infer<typeof jobStepSchema>;

/** The same shape over REST and in the window: a failure as its code and its sentence. */
export const jobErrorSchema = z.object({ code: z.string(), detail: z.string() });

export const jobSchema = z.object({
  jobId: z.string(),
  /**
   * recover: ends a push that was cut off. trust: CA files onto devices. renew: certificates in bulk. import: plants in
   * bulk; also when one that was cut off is undone. retained: deletes retained messages of a broker.
   */
  kind: z.enum(['push', 'recover', 'deploy', 'rollBack', 'scan', 'practice', 'import', 'trust', 'renew', 'retained']),
  subject: z.string(),
  state: z.enum(['running', 'succeeded', 'failed']),
  /** 0 to 1. */
  progress: z.number().min(0).max(1),
  steps: z.array(jobStepSchema),
  startedAt: timestampSchema,
  finishedAt: timestampSchema.nullable(),
  error: jobErrorSchema.nullable(),
  /** Of a push: what every listener answered, after the push and after undoing it. */
  probes: z.array(probeReportSchema),
});
export type Job = z.infer<typeof jobSchema>;
