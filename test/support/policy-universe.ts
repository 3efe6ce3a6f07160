// A small world in which every question about rules can be asked: few names, few topics, all subjects and subscriptions.

import type { PolicyDocument, PolicyRule, PolicySubject } from '../../shared/model/policy.ts';
import { policyActions } from '../../shared/model/policy.ts';
import type { SeededRandom } from './seeded-random.ts';

const levels = ['a', 'b', 'z'] as const;

/** Beside another name, one that no rule says makes no difference. */
const sets = (one: string, other: string): string[][] => [[], [one], [other], [one, other], ['unsaid']];

/** Of every kind that a token can bring. */
export const everySubject: readonly PolicySubject[] = ['i', 'j', 'unsaid'].flatMap((id) =>
  sets('g', 'h').flatMap((groups) =>
    sets('s', 't')
      .filter((scopes) => groups.length > 0 || scopes.length > 0)
      .map((scopes) => ({ type: groups.length > 0 ? ('user' as const) : ('service' as const), id, groups, scopes })),
  ),
);

function paths(names: readonly string[], depth: number): string[][] {
  if (depth === 0) return [[]];
  return paths(names, depth - 1).flatMap((path) => names.map((name) => [...path, name]));
}

/** All of up to four levels; filters of the rules have three. `z` stands for every name that no rule says. */
export const everyTopic: readonly string[] = [1, 2, 3, 4].flatMap((depth) =>
  paths(levels, depth).map((path) => path.join('/')),
);

/** Subscriptions, with and without `#` at their end. */
export const everySubscription: readonly string[] = [
  '#',
  ...[1, 2, 3].flatMap((depth) =>
    paths([...levels, '+'], depth).flatMap((path) => [path.join('/'), `${path.join('/')}/#`]),
  ),
];

function someFilter(random: SeededRandom): string {
  const path = random.list(1 + random.below(2), () => random.pick(['a', 'b', '+']));
  if (random.chance(0.4)) path.push('#');
  return random.chance(0.06) ? '#' : path.join('/');
}

function someRule(random: SeededRandom): PolicyRule {
  const some = <T>(from: readonly [T, ...T[]]): T[] => [
    ...new Set(random.list(1 + random.below(2), () => random.pick(from))),
  ];
  return {
    subjects: {
      ...(random.chance(0.3) && { types: some(['user', 'service'] as const) }),
      ...(random.chance(0.25) && { ids: some(['i', 'j'] as const) }),
      ...(random.chance(0.4) && { groups: some(['g', 'h', '/h'] as const) }),
      ...(random.chance(0.3) && { scopes: some(['s', 't'] as const) }),
      ...(random.chance(0.05) && { zone: 'unknown' }),
    },
    topics: random.list(1 + random.below(2), () => someFilter(random)),
    actions: random.chance(0.4) ? '*' : some(policyActions),
    effect: random.chance(0.4) ? 'deny' : 'allow',
  };
}

export const documentOf = (rules: PolicyRule[]): PolicyDocument => ({ celine: { mqtt: { acl: { rules } } } });

/** Every other set is about one action and few subjects, so that its rules meet each other more often. */
export function someRules(random: SeededRandom, count: number): PolicyRule[] {
  const rules = random.list(count, () => someRule(random));
  if (random.chance(0.5)) return rules;
  const action = random.chance(0.6) ? 'subscribe' : random.pick(policyActions);
  return rules.map((rule) => ({
    ...rule,
    subjects: random.chance(0.5) ? {} : { groups: random.pick([['g'], ['h'], ['g', 'h']]) },
    actions: [action],
  }));
}

/** A level with a meaning of its own, for `renamed`. */
export type StrangeLevel = '' | '$b';

/** The topic or filter with another level in the place of `b`; the empty one that `b` would become is `/` instead. */
export function renamed(topic: string, level: StrangeLevel): string {
  const levels = topic.split('/').map((name) => (name === 'b' ? level : name));
  return levels.join('/') || '/';
}

export const renamedRules = (rules: readonly PolicyRule[], level: StrangeLevel): PolicyRule[] =>
  rules.map((rule) => ({ ...rule, topics: rule.topics.map((topic) => renamed(topic, level)) }));
