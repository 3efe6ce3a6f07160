// What rules mean, before they are in force: nothing is changed by any of these.

import { z } from 'zod';
import { namedSubjectSchema, policyActions, policySubjectSchema } from '../model/policy.ts';
import {
  deadRulesSchema,
  filterReachSchema,
  policyDifferenceSchema,
  policyExplanationSchema,
  policyMatrixSchema,
} from '../model/policy-analysis.ts';
import { policyTextSchema, policyVersionNumberSchema } from '../model/policy-version.ts';
import { isTopicFilter } from '../model/topics.ts';
import { passive } from './base.ts';

const tags = ['Policy'];

/** Rules as a text that need not be saved, or by the number of a version. */
const rulesSchema = z.union([
  z.strictObject({ text: policyTextSchema }),
  z.strictObject({ version: policyVersionNumberSchema }),
]);

const filters = z.array(z.string().refine(isTopicFilter, 'is no topic filter')).max(100).default([]);

/** What takes a rule document or two. */
export const policyAnalysisPaths = [
  '/policy/explain',
  '/policy/removal',
  '/policy/difference',
  '/policy/dead-rules',
  '/policy/reach',
  '/policy/matrix',
] as const;
const [explainPath, removalPath, differencePath, deadPath, reachPath, matrixPath] = policyAnalysisPaths;

export const policyAnalysisContract = {
  /** A token is checked by the keys of the policy service. */
  explain: passive
    .route({ method: 'POST', path: explainPath, tags, summary: 'A decision with every rule that has a say in it' })
    .input(
      z.object({
        rules: rulesSchema,
        who: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('subject'), subject: namedSubjectSchema }),
          z.object({ kind: z.literal('token'), token: z.string().max(1_048_576) }),
        ]),
        action: z.enum(policyActions),
        topic: z.string().max(65_535),
      }),
    )
    .output(policyExplanationSchema.extend({ subject: policySubjectSchema })),
  /** Rules in `after` are numbered as they are with it. */
  removal: passive
    .route({ method: 'POST', path: removalPath, tags, summary: 'The decisions that change when a rule goes' })
    .input(z.object({ rules: rulesSchema, rule: z.number().int().min(0) }))
    .output(policyDifferenceSchema),
  difference: passive
    .route({ method: 'POST', path: differencePath, tags, summary: 'The decisions that differ between two rule sets' })
    .input(z.object({ before: rulesSchema, after: rulesSchema }))
    .output(policyDifferenceSchema),
  deadRules: passive
    .route({ method: 'POST', path: deadPath, tags, summary: 'Rules without which no decision would change' })
    .input(z.object({ rules: rulesSchema }))
    .output(deadRulesSchema),
  reach: passive
    .route({ method: 'POST', path: reachPath, tags, summary: 'Topics that nobody or everybody can reach' })
    .input(z.object({ rules: rulesSchema, topics: filters }))
    .output(z.array(filterReachSchema)),
  matrix: passive
    .route({ method: 'POST', path: matrixPath, tags, summary: 'Subjects by topics: who may do what' })
    .input(
      z.object({ rules: rulesSchema, subjects: z.array(namedSubjectSchema).max(100).default([]), topics: filters }),
    )
    .output(policyMatrixSchema),
};
