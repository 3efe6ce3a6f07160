import { z } from 'zod';

/** accepted/refused: who may come in. silent: nobody else hears it. heard: the console hears it. */
export const probeExpectations = ['accepted', 'refused', 'silent', 'heard'] as const;

/** One question that a broker was asked as a client asks it, and its answer. */
export const probeResultSchema = z.object({
  /** By the broker's profile: those of `voke`, then those of `plantops`. */
  listener: z.enum(['mtls', 'password', 'token', 'mqtt', 'webSockets']),
  port: z.number().int(),
  /** Who or what, such as "a revoked certificate". */
  name: z.string(),
  expected: z.enum(probeExpectations),
  /** unreachable and unproven are answers to nothing: they never count as a refusal, nor as silence. */
  outcome: z.enum([...probeExpectations, 'leaked', 'unreachable', 'unproven']),
  ok: z.boolean(),
  reason: z.string().nullable(),
});
export type ProbeResult = z.infer<typeof probeResultSchema>;

/** What a broker was asked at one moment: after the push, or after it was undone. */
export const probeReportSchema = z.object({
  after: z.enum(['push', 'undo']),
  results: z.array(probeResultSchema),
});
export type ProbeReport = z.infer<typeof probeReportSchema>;
