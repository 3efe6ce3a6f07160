// What can be said about rules without a broker: what they decide, for whom, and what would change.

import { z } from 'zod';
import { policyActions, policyDecisionSchema, policySubjectSchema } from './policy.ts';

const ruleIndex = z.number().int().min(0);
/** Names that no rule has: who or what bears them stands for all that the rules do not tell apart. */
export const unnamedSchema = z.object({ id: z.string(), group: z.string(), scope: z.string(), level: z.string() });
export type Unnamed = Readonly<z.infer<typeof unnamedSchema>>;

/** Names that occur in the same rules, so that every decision is the same for them: only `name` is spoken of. */
export const alikeSchema = z.array(
  z.object({
    of: z.enum(['ids', 'groups', 'scopes']),
    name: z.string(),
    others: z.array(z.string()),
    /** Others that are not listed. */
    more: z.number().int(),
  }),
);
export type Alike = z.infer<typeof alikeSchema>;

/** A decision that is another one after a change: for this subject and action, somewhere within this filter. */
export const decisionChangeSchema = z.object({
  subject: policySubjectSchema,
  action: z.enum(policyActions),
  within: z.string(),
  /** The topic, or for subscribe the filter, that shows it. */
  asked: z.string(),
  before: policyDecisionSchema,
  after: policyDecisionSchema,
});
export type DecisionChange = z.infer<typeof decisionChangeSchema>;

const superusersSchema = z.object({ groups: z.array(z.string()), scopes: z.array(z.string()) });

export const policyDifferenceSchema = z.object({
  changes: z.array(decisionChangeSchema),
  /** Whose permission `superuser` comes or goes; no rule binds them where a broker asks for superusers. */
  superusers: z.object({ gained: superusersSchema, lost: superusersSchema }),
  /** False where there was too much to look at all of it. */
  isWhole: z.boolean(),
  unnamed: unnamedSchema,
  alike: alikeSchema,
});
export type PolicyDifference = z.infer<typeof policyDifferenceSchema>;

/** One question, with every rule that has a say in it. */
export const policyExplanationSchema = z.object({
  decision: policyDecisionSchema,
  /** A group or scope has the permission `superuser`, which lifts every rule where the broker asks for it. */
  isSuperuser: z.boolean(),
  allowing: z.array(ruleIndex),
  denying: z.array(ruleIndex),
  /** What the answer would be without one of these rules. */
  without: z.array(z.object({ rule: ruleIndex, decision: policyDecisionSchema })),
});
export type PolicyExplanation = z.infer<typeof policyExplanationSchema>;

/** Why a rule decides nothing; `rules` are those that it is about. */
export const deadReasons = [
  'no-subject',
  'unknown-condition',
  'duplicate',
  'covered',
  'denied',
  'nothing-to-deny',
  'together',
] as const;
export type DeadReason = (typeof deadReasons)[number];

export const deadRulesSchema = z.object({
  /** All of them can be removed at once, and each by itself, without any decision changing. */
  rules: z.array(z.object({ rule: ruleIndex, reason: z.enum(deadReasons), because: z.array(ruleIndex) })),
  isWhole: z.boolean(),
});
export type DeadRules = z.infer<typeof deadRulesSchema>;

export const reaches = ['nobody', 'somebody', 'everybody'] as const;
export const reachSchema = z.enum(reaches);
export type Reach = (typeof reaches)[number];

/** Who can reach anything within a filter. Everybody is each subject that has a group or a scope. */
export const filterReachSchema = z.object({
  filter: z.string(),
  subscribe: reachSchema,
  read: reachSchema,
  publish: reachSchema,
  /** Rules that allow something here but are denied whole. */
  isDenied: z.boolean(),
});
export type FilterReach = z.infer<typeof filterReachSchema>;

export const policyMatrixSchema = z.object({
  subjects: z.array(policySubjectSchema),
  /** `topic` is what reading and publishing are asked about: a topic within the filter. */
  topics: z.array(z.object({ filter: z.string(), topic: z.string() })),
  /** A row a subject, a number a topic: 1 subscribe, 2 read, 4 publish. */
  allowed: z.array(z.array(z.number().int().min(0).max(7))),
  omitted: z.object({ subjects: z.number().int(), topics: z.number().int() }),
  unnamed: unnamedSchema,
  alike: alikeSchema,
});
export type PolicyMatrix = z.infer<typeof policyMatrixSchema>;
