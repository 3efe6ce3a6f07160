// Rule sets as the vault keeps them: every one that was ever saved, one of them in force.

import { z } from 'zod';
import { labelSchema, timestampSchema } from './plant.ts';

/** Characters: room for ten thousand rules. */
export const maxPolicyTextLength = 4 * 1024 * 1024;

/** A rule document as its author wrote it, byte by byte. */
export const policyTextSchema = z.string().max(maxPolicyTextLength, 'is longer than any rule document');

/** From 1, in the order in which they were saved. */
export const policyVersionNumberSchema = z.coerce.number().int().min(1);

/** Why it was saved. */
export const policyNoteSchema = z.union([z.literal(''), labelSchema]);

export const policyVersionSchema = z.object({
  version: z.number().int(),
  note: z.string(),
  author: z.string(),
  savedAt: timestampSchema,
  /** The one that the console decides by. */
  isActive: z.boolean(),
});
export type PolicyVersion = z.infer<typeof policyVersionSchema>;

export const storedPolicySchema = policyVersionSchema.extend({ text: z.string() });
export type StoredPolicy = z.infer<typeof storedPolicySchema>;

/** What a text is worth: with a fault no rule of it counts, and it cannot be saved. */
export const policyFindingsSchema = z.object({
  /** `field` is a dotted path such as `celine.mqtt.acl.rules.0.topics.1`; empty for a text that is no JSON. */
  faults: z.array(z.object({ field: z.string(), message: z.string() })),
  /** Dotted paths of keys that this console does not know, and keeps. */
  unknownKeys: z.array(z.string()),
});
export type PolicyFindings = z.infer<typeof policyFindingsSchema>;
