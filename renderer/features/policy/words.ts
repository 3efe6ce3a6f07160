// Rules, subjects and decisions in words. Rules are numbered from 1, as people count them.

import type { PolicyAction, PolicyDecision, PolicySubject } from '../../../shared/model/policy.ts';
import type { Alike, DeadRules, Unnamed } from '../../../shared/model/policy-analysis.ts';
import { member, namesIn } from './rule-rows.ts';

export const actionWords: Record<PolicyAction, string> = { subscribe: 'Subscribe', read: 'Read', publish: 'Publish' };

export const ruleName = (index: number): string => `rule ${index + 1}`;

/** `rules 1, 4 and 5`. */
export const ruleNames = (indexes: readonly number[]): string =>
  indexes.length === 1 ? `rule ${(indexes[0] ?? 0) + 1}` : `rules ${listed(indexes.map((index) => `${index + 1}`))}`;

function listed(words: readonly string[], joint = 'and'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${joint} ${last}`;
}

/** Whom a rule is about: `Services with mqtt.write`. */
export function whoWords(subjects: unknown): string {
  const types = namesIn(member(subjects, 'types'));
  const [ids, groups, scopes] = ['ids', 'groups', 'scopes'].map((key) => namesIn(member(subjects, key)));
  const conditions = [
    ids?.length && `named ${listed(ids, 'or')}`,
    groups?.length && `in ${listed(groups, 'or')}`,
    scopes?.length && `with ${listed(scopes, 'or')}`,
  ].filter((word) => typeof word === 'string');
  const kind =
    types.length === 1
      ? types[0] === 'service'
        ? 'Services'
        : 'Users'
      : conditions.length > 0
        ? 'Those'
        : 'Everybody';
  return [kind, ...conditions].join(' ');
}

export const isAllow = (rule: unknown): boolean => member(rule, 'effect') !== 'deny';

export function actionsIn(rule: unknown): string {
  const actions = member(rule, 'actions');
  return actions === '*' ? 'All' : namesIn(actions).join(', ');
}

/** Somebody that an analysis names: `Users in viewers`, `Any other service`. */
export function subjectWords(
  { type, id, groups, scopes }: PolicySubject,
  unnamed?: Unnamed,
  alike: Alike = [],
): string {
  const named = (names: readonly string[], other: string | undefined, of: Alike[number]['of']) =>
    names.filter((name) => name !== other).map((name) => withThoseAlike(name, of, alike));
  const inGroups = named(groups, unnamed?.group, 'groups');
  const withScopes = named(scopes, unnamed?.scope, 'scopes');
  if (type === 'nobody') return id === '' ? 'Nobody: no groups, no scopes' : `${id}: no groups, no scopes`;
  const conditions = [
    inGroups.length > 0 && `in ${listed(inGroups)}`,
    withScopes.length > 0 && `with ${listed(withScopes)}`,
  ].filter((word) => word !== false);
  if (id !== unnamed?.id) {
    const name = withThoseAlike(id, 'ids', alike);
    return [`${type === 'user' ? 'User' : 'Service'} ${name}`, ...conditions].join(' ');
  }
  if (conditions.length === 0) return type === 'user' ? 'Any other user' : 'Any other service';
  return [type === 'user' ? 'Users' : 'Services', ...conditions].join(' ');
}

/** `viewers (or guests)`: to the rules they are the same. */
function withThoseAlike(name: string, of: Alike[number]['of'], alike: Alike): string {
  const known = alike.find((entry) => entry.of === of && entry.name === name);
  if (!known) return name;
  const more = known.more > 0 ? [`${known.more} more`] : [];
  return `${name} (or ${listed([...known.others, ...more], 'or')})`;
}

/** Why a decision is as it is: `by rule 3`. */
export function reasonWords(decision: PolicyDecision): string {
  switch (decision.reason) {
    case 'rule':
      return `by ${ruleName(decision.rule)}`;
    case 'no-rule':
      return 'since no rule allows it';
    case 'nobody':
      return 'since who has neither groups nor scopes has no rights';
    case 'invalid-topic':
      return 'since this is no topic for it: + and # belong into subscriptions, each alone in its level';
  }
}

export const decisionWords = (decision: PolicyDecision): string =>
  `${decision.allowed ? 'Allowed' : 'Denied'} ${reasonWords(decision)}`;

/** Why a rule decides nothing. */
export function deadWords({ reason, because }: DeadRules['rules'][number]): string {
  switch (reason) {
    case 'no-subject':
      return 'It is about nobody: a service has scopes and no groups.';
    case 'unknown-condition':
      return 'It has a condition that this console does not know, so it allows nobody.';
    case 'duplicate':
      return `It says the same as ${ruleNames(because)}.`;
    case 'covered':
      return `All that it says is said by ${ruleNames(because)} too.`;
    case 'denied':
      return `All that it allows is denied by ${ruleNames(because)}.`;
    case 'nothing-to-deny':
      return 'Nothing allows what it denies. It would count as soon as a rule does.';
    case 'together':
      return `What it says is settled by others together, first of all ${ruleNames(because)}.`;
  }
}
