// The rule document of the CELINE platform, `policies/data/celine.json`, key by key.
// - Every object keeps keys that are not known here: other parts of that platform read the same file.
// - A key of a rule that is nearly one of its own is a fault: a rule whose `effect` is misspelt would do the opposite.
// - No list may be empty. An empty list of groups would match nobody, which turns a deny into nothing.

import { z } from 'zod';
import { isNearlyTheSame } from './nearly-the-same.ts';
import { isTopicFilter } from './topics.ts';

export const policyActions = ['subscribe', 'read', 'publish'] as const;
export type PolicyAction = (typeof policyActions)[number];

export const subjectTypes = ['user', 'service'] as const;

const names = z.array(z.string().min(1)).min(1, 'must not be empty');

/** A group as it is compared: as Keycloak writes it, a group begins with a slash, which does not count. */
export const groupName = (text: string): string => (text.startsWith('/') ? text.slice(1) : text);

const groupNames = z
  .array(z.string().refine((text) => groupName(text) !== '', 'must name a group'))
  .min(1, 'must not be empty');

const ruleSubjectsSchema = z.looseObject({
  types: z.array(z.enum(subjectTypes)).min(1, 'must not be empty').optional(),
  ids: names.optional(),
  groups: groupNames.optional(),
  scopes: names.optional(),
});

const ruleKeys = ['subjects', 'topics', 'actions', 'effect'];

const ruleSchema = z
  .looseObject({
    subjects: ruleSubjectsSchema,
    topics: z
      .array(z.string().refine(isTopicFilter, 'is no topic filter: + fills a level, and # the last one'))
      .min(1, 'must not be empty'),
    actions: z.union([z.literal('*'), z.array(z.enum(policyActions)).min(1)], {
      error: `must be "*" or a list of ${policyActions.join(', ')}`,
    }),
    effect: z.enum(['allow', 'deny']).optional(),
  })
  // `"efect": "deny"` would be kept as a note, and the rule would allow.
  .superRefine((rule, context) => {
    for (const key of Object.keys(rule)) {
      const meant = ruleKeys.find((known) => known !== key && isNearlyTheSame(known, key));
      if (meant !== undefined && !ruleKeys.includes(key))
        context.addIssue({
          code: 'custom',
          path: [key],
          message: `is no key of a rule: “${meant}” is meant, or rename it`,
        });
    }
  });

/** Actions by the name of a group or a scope; `superuser` lifts every rule. */
const permissionsSchema = z
  .unknown()
  // A record passes it over, unread.
  .refine((value) => typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__'), {
    error: 'has the name __proto__, which is none',
  })
  .pipe(z.record(z.string(), z.array(z.enum([...policyActions, 'superuser']))));

export const policyDocumentSchema = z.looseObject({
  celine: z.looseObject({
    mqtt: z.looseObject({ acl: z.looseObject({ rules: z.array(ruleSchema) }) }),
    roles: z
      .looseObject({
        group_permissions: permissionsSchema.optional(),
        scope_permissions: permissionsSchema.optional(),
      })
      .optional(),
  }),
});

export type PolicyRule = z.infer<typeof ruleSchema>;
export type PolicyDocument = z.infer<typeof policyDocumentSchema>;

/** Who asks. Nobody has no rights, whatever the rules say. */
export const policySubjectSchema = z.object({
  type: z.enum([...subjectTypes, 'nobody']),
  id: z.string(),
  groups: z.array(z.string()).readonly(),
  scopes: z.array(z.string()).readonly(),
});
export type PolicySubject = Readonly<z.infer<typeof policySubjectSchema>>;

/** What type a subject has by its groups and scopes, as a token gives it. */
export const subjectTypeOf = (groups: readonly string[], scopes: readonly string[]): PolicySubject['type'] =>
  groups.some((name) => groupName(name) !== '') ? 'user' : scopes.some((name) => name !== '') ? 'service' : 'nobody';

/** A subject that somebody names instead of a token: one that a token could bring. */
export const namedSubjectSchema = policySubjectSchema.refine(
  ({ type, groups, scopes }) => type === subjectTypeOf(groups, scopes),
  {
    path: ['type'],
    error: 'must follow from the rest: a user has groups, a service scopes and no groups, nobody has neither',
  },
);

/** `rule` is the place in the document's list, from 0. */
export const policyDecisionSchema = z.union([
  z.object({ allowed: z.boolean(), reason: z.literal('rule'), rule: z.number().int() }),
  z.object({ allowed: z.literal(false), reason: z.enum(['no-rule', 'nobody', 'invalid-topic']) }),
]);
export type PolicyDecision = Readonly<z.infer<typeof policyDecisionSchema>>;
