// Rules of who may do what on which topic: kept as versions, one of them in force.

import { z } from 'zod';
import { namedSubjectSchema, policyActions, policyDecisionSchema, policySubjectSchema } from '../model/policy.ts';
import {
  policyFindingsSchema,
  policyNoteSchema,
  policyTextSchema,
  policyVersionNumberSchema,
  policyVersionSchema,
  storedPolicySchema,
} from '../model/policy-version.ts';
import { passive, procedure } from './base.ts';
import { policyServiceProcedures } from './policy-service.ts';

const tags = ['Policy'];
const versionParams = z.object({ version: policyVersionNumberSchema });

/** What takes a whole rule document. */
export const policyTextPaths = ['/policy/rules', '/policy/check', '/policy/decide'] as const;
const [rulesPath, checkPath, decidePath] = policyTextPaths;

export const policyContract = {
  listRules: passive
    .route({ method: 'GET', path: rulesPath, tags, summary: 'Every rule set that was saved, newest first' })
    .output(z.array(policyVersionSchema)),
  getRules: passive
    .route({ method: 'GET', path: '/policy/rules/{version}', tags, summary: 'A rule set with its document' })
    .input(versionParams)
    .output(storedPolicySchema),
  saveRules: procedure
    .route({
      method: 'POST',
      path: rulesPath,
      successStatus: 201,
      tags,
      summary: 'Keep rules as the next version; they do not take effect yet',
    })
    .input(z.object({ text: policyTextSchema, note: policyNoteSchema.default('') }))
    .output(policyVersionSchema),
  activateRules: procedure
    .route({
      method: 'POST',
      path: '/policy/rules/{version}/activate',
      tags,
      summary: 'Put a version in force, at once and everywhere',
    })
    .input(versionParams)
    .output(policyVersionSchema),
  checkRules: passive
    .route({ method: 'POST', path: checkPath, tags, summary: 'What is wrong with rules, and which keys are unknown' })
    .input(z.object({ text: policyTextSchema }))
    .output(policyFindingsSchema),
  /** By the given text, the given version, or the rules in force. A token is checked by the keys of the service. */
  decide: passive
    .route({ method: 'POST', path: decidePath, tags, summary: 'Whether somebody may do something, and by which rule' })
    .input(
      z.object({
        text: policyTextSchema.optional(),
        version: policyVersionNumberSchema.optional(),
        who: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('subject'), subject: namedSubjectSchema }),
          z.object({ kind: z.literal('token'), token: z.string().max(1_048_576) }),
        ]),
        action: z.enum(policyActions),
        topic: z.string().max(65_535),
      }),
    )
    .output(
      z.object({
        decision: policyDecisionSchema,
        subject: policySubjectSchema,
        /** Somebody whom no rule binds: the service allows everything, whatever the decision says. */
        isSuperuser: z.boolean(),
      }),
    ),
  ...policyServiceProcedures,
};
