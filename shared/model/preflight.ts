// What is looked at on a device before anything is brought there, as a checklist for the engineer.

import { z } from 'zod';

export const preflightCheckIds = [
  'clock',
  'user',
  'shell',
  'tools',
  'mount',
  'space',
  'target',
  'contents',
  'installation',
] as const;
export type PreflightCheckId = (typeof preflightCheckIds)[number];

/** Refusals that an operator who knows better may overrule. The others would end in a failure anyway. */
export const overrulableChecks = ['clock', 'contents'] as const;
export const overrulableCheckSchema = z.enum(overrulableChecks);
export type OverrulableCheck = z.infer<typeof overrulableCheckSchema>;

export const preflightCheckSchema = z.object({
  id: z.enum(preflightCheckIds),
  /** attention: a deployment goes on, the engineer should know. refused: it does not. */
  verdict: z.enum(['ok', 'attention', 'refused']),
  sentence: z.string(),
  /** What was seen, for programs and records. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
  /** The error that a deployment would end in. */
  code: z.string().nullable(),
  /** setClock: this login may set the device's clock. overrule: a deployment may be told to go on all the same. */
  offers: z.array(z.enum(['setClock', 'overrule'])),
});
export type PreflightCheck = z.infer<typeof preflightCheckSchema>;
