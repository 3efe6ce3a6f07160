// A rule as a form shows it. What the form does not know stays in the text as it was.

import { setJson } from '../../../../shared/model/json/json-edit.ts';
import { type PolicyAction, policyActions } from '../../../../shared/model/policy.ts';
import { addRule, member, namesIn, type RuleRow, rulesPath } from '../rule-rows.ts';

export type RuleForm = {
  readonly effect: 'allow' | 'deny';
  /** Both where the rule is about any type. */
  readonly types: readonly string[];
  readonly ids: readonly string[];
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
  /** One a line. */
  readonly topics: string;
  readonly isAllActions: boolean;
  readonly actions: readonly PolicyAction[];
};

export const emptyForm: RuleForm = {
  effect: 'allow',
  types: [],
  ids: [],
  groups: [],
  scopes: [],
  topics: '',
  isAllActions: false,
  actions: [],
};

export function formOf(rule: unknown): RuleForm {
  const subjects = member(rule, 'subjects');
  const actions = member(rule, 'actions');
  return {
    effect: member(rule, 'effect') === 'deny' ? 'deny' : 'allow',
    types: namesIn(member(subjects, 'types')),
    ids: namesIn(member(subjects, 'ids')),
    groups: namesIn(member(subjects, 'groups')),
    scopes: namesIn(member(subjects, 'scopes')),
    topics: namesIn(member(rule, 'topics')).join('\n'),
    isAllActions: actions === '*',
    actions: policyActions.filter((action) => namesIn(actions).includes(action)),
  };
}

export const topicsOf = (form: RuleForm): string[] =>
  form.topics
    .split('\n')
    .map((topic) => topic.trim())
    .filter((topic) => topic !== '');

/** Keys of the rule, and of its subjects, that the form does not show. */
export function keysBeside(rule: unknown): readonly string[] {
  const keys = (value: unknown, known: readonly string[]) =>
    typeof value === 'object' && value !== null ? Object.keys(value).filter((key) => !known.includes(key)) : [];
  return [
    ...keys(rule, ['subjects', 'topics', 'actions', 'effect']),
    ...keys(member(rule, 'subjects'), ['types', 'ids', 'groups', 'scopes']).map((key) => `subjects.${key}`),
  ];
}

const ruleOf = (form: RuleForm) => ({
  subjects: Object.fromEntries(
    (['types', 'ids', 'groups', 'scopes'] as const)
      .filter((key) => form[key].length > 0)
      .map((key) => [key, form[key]]),
  ),
  topics: topicsOf(form),
  actions: form.isAllActions ? '*' : form.actions,
  effect: form.effect,
});

/** The text with one more rule. */
export const withNewRule = (text: string, index: number, form: RuleForm): string => addRule(text, index, ruleOf(form));

/** The text with a rule as the form has it. Only what differs is written. */
export function withRule(text: string, { index, rule }: RuleRow, form: RuleForm): string {
  const before = formOf(rule);
  const [was, is] = [ruleOf(before), ruleOf(form)];
  const differs = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other);
  let next = text;
  if (member(rule, 'subjects') === undefined) next = setJson(next, [...rulesPath, index, 'subjects'], {});
  for (const key of ['types', 'ids', 'groups', 'scopes'] as const) {
    const value = form[key].length > 0 ? form[key] : undefined;
    if (differs(before[key], form[key])) next = setJson(next, [...rulesPath, index, 'subjects', key], value);
  }
  for (const key of ['topics', 'actions', 'effect'] as const) {
    if (differs(was[key], is[key])) next = setJson(next, [...rulesPath, index, key], is[key]);
  }
  return next;
}
