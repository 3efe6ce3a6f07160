// Rules in the form that analyses work on.
// - A subject's type follows from its groups and scopes, as a token gives them: a user has groups, a service has scopes
//   only, and who has neither has no rights. So a rule for services with a group concerns nobody.

import type { PolicySubject, subjectTypes } from '../../../shared/model/policy.ts';
import { groupName, type PolicyAction, type PolicyRule, policyActions } from '../../../shared/model/policy.ts';
import { filterLevels } from '../filters.ts';
import { knownConditions } from '../rules.ts';

export type SubjectType = (typeof subjectTypes)[number];

export type AnalysedRule = {
  /** The place in the document's list, from 0. */
  readonly index: number;
  readonly effect: 'allow' | 'deny';
  readonly actions: readonly PolicyAction[];
  readonly filters: readonly AnalysedFilter[];
  /** Which types its other conditions leave; none where it concerns nobody. */
  readonly types: readonly SubjectType[];
  readonly ids: ReadonlySet<string> | null;
  readonly groups: ReadonlySet<string> | null;
  readonly scopes: ReadonlySet<string> | null;
  /** An allow with a condition that this console does not know: it matches nobody. */
  readonly hasUnknownCondition: boolean;
  /** The same for rules that decide the same. */
  readonly key: string;
};

export type AnalysedFilter = { readonly text: string; readonly levels: readonly string[] };

/** `index` is the place in the document's list. */
export function analysedRule(rule: PolicyRule, index: number): AnalysedRule {
  const { effect = 'allow', actions, topics, subjects } = rule;
  const names = (list: readonly string[] | undefined) => (list ? new Set(list) : null);
  const groups = subjects.groups?.map(groupName);
  const isUnknown = Object.keys(subjects).some((key) => !knownConditions.includes(key));
  const hasUnknownCondition = effect === 'allow' && isUnknown;
  const byGroups: readonly SubjectType[] = subjects.groups ? ['user'] : ['user', 'service'];
  const types = byGroups.filter((type) => subjects.types?.includes(type) ?? true);
  const chosen = policyActions.filter((action) => actions === '*' || actions.includes(action));
  const filters = [...new Set(topics)].map((text) => ({ text, levels: filterLevels(text) }));
  return {
    index,
    effect,
    actions: chosen,
    filters,
    types: hasUnknownCondition ? [] : types,
    ids: names(subjects.ids),
    groups: names(groups),
    scopes: names(subjects.scopes),
    hasUnknownCondition,
    key: JSON.stringify([
      effect,
      hasUnknownCondition,
      chosen,
      sorted(filters.map(({ levels }) => levels.join('/'))),
      types,
      ...[subjects.ids, groups, subjects.scopes].map((list) => (list ? sorted(list) : null)),
    ]),
  };
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Whether the rule is about this subject. */
export const concerns = (rule: AnalysedRule, { type, id, groups, scopes }: PolicySubject): boolean =>
  type !== 'nobody' &&
  rule.types.includes(type) &&
  (rule.ids?.has(id) ?? true) &&
  (rule.groups === null || groups.some((group) => rule.groups?.has(groupName(group)))) &&
  (rule.scopes === null || scopes.some((scope) => rule.scopes?.has(scope)));
