// Subjects that stand for all that rules can tell apart.
// - More groups and scopes only make more rules concern a subject. So to show that something holds for a rule it is enough
//   to look at subjects with one of its groups, one of its scopes and one of its ids, and names that no rule has else.
// - Names that occur in exactly the same rules are the same to every decision: one stands for all.

import type { PolicySubject } from '../../../shared/model/policy.ts';
import type { Alike } from '../../../shared/model/policy-analysis.ts';
import type { AnalysedRule } from './analysed-rule.ts';

type Dimension = 'ids' | 'groups' | 'scopes';
type StandsFor = Readonly<Record<Dimension, ReadonlyMap<string, string>>>;

/** More names than this that mean the same are counted and not listed. */
const maxOthers = 20;

/** Names that no rule has. */
export type UnnamedNames = {
  readonly id: string;
  readonly group: string;
  readonly scope: string;
  readonly level: string;
};

export class SubjectNames {
  readonly unnamed: UnnamedNames;
  readonly #standsFor: StandsFor;

  private constructor(standsFor: StandsFor, unnamed: UnnamedNames) {
    this.#standsFor = standsFor;
    this.unnamed = unnamed;
  }

  /** Of one rule set or of several that are compared; to be run in slices. */
  static *of(ruleSets: readonly (readonly AnalysedRule[])[]): Generator<undefined, SubjectNames> {
    const rules = ruleSets.flat();
    const ids = yield* representatives(rules, 'ids');
    const groups = yield* representatives(rules, 'groups');
    const scopes = yield* representatives(rules, 'scopes');
    const levels = new Set<string>();
    for (const { filters } of rules) {
      for (const filter of filters) for (const level of filter.levels) levels.add(level);
      yield;
    }
    return new SubjectNames(
      { ids, groups, scopes },
      {
        id: unnamed('any-id', ids),
        group: unnamed('any-group', groups),
        scope: unnamed('any-scope', scopes),
        level: unnamed('any', levels),
      },
    );
  }

  /** The subjects to look at for what all these rules concern; none where no subject can be concerned by all. */
  *concernedByAll(rules: readonly AnalysedRule[]): Generator<PolicySubject> {
    const groupChoices = this.#choices(rules, 'groups');
    const scopeChoices = this.#choices(rules, 'scopes');
    for (const type of ['user', 'service'] as const) {
      if (!rules.every(({ types }) => types.includes(type))) continue;
      for (const id of this.#ids(rules)) {
        for (const groups of combinations(groupChoices)) {
          for (const scopes of combinations(scopeChoices)) {
            if (type === 'user') yield { type, id, groups: orUnnamed(groups, this.unnamed.group), scopes };
            else yield { type, id, groups: [], scopes: orUnnamed(scopes, this.unnamed.scope) };
          }
        }
      }
    }
  }

  /** Which names the named ones stand for. */
  get alike(): Alike {
    return (['ids', 'groups', 'scopes'] as const).flatMap((of) => {
      const byName = new Map<string, string[]>();
      for (const [name, first] of this.#standsFor[of]) {
        if (name === first) continue;
        const others = byName.get(first);
        if (others) others.push(name);
        else byName.set(first, [name]);
      }
      return [...byName].map(([name, others]) => ({
        of,
        name,
        others: others.slice(0, maxOthers),
        more: Math.max(0, others.length - maxOthers),
      }));
    });
  }

  /** Those that only rules for everybody concern. */
  get least(): readonly PolicySubject[] {
    const { id, group, scope } = this.unnamed;
    return [
      { type: 'user', id, groups: [group], scopes: [] },
      { type: 'service', id, groups: [], scopes: [scope] },
    ];
  }

  #ids(rules: readonly AnalysedRule[]): readonly string[] {
    const sets = rules.flatMap(({ ids }) => (ids ? [ids] : []));
    const [first, ...others] = sets;
    if (!first) return [this.unnamed.id];
    return this.#distinct(
      'ids',
      [...first].filter((id) => others.every((set) => set.has(id))),
    );
  }

  #choices(rules: readonly AnalysedRule[], dimension: 'groups' | 'scopes'): readonly (readonly string[])[] {
    return rules.flatMap((rule) => (rule[dimension] ? [this.#distinct(dimension, [...rule[dimension]])] : []));
  }

  #distinct(dimension: Dimension, names: readonly string[]): string[] {
    return [...new Set(names.map((name) => this.#standsFor[dimension].get(name) ?? name))];
  }
}

function* representatives(
  rules: readonly AnalysedRule[],
  dimension: Dimension,
): Generator<undefined, ReadonlyMap<string, string>> {
  const places = new Map<string, number[]>();
  for (const [place, rule] of rules.entries()) {
    for (const name of rule[dimension] ?? []) {
      const known = places.get(name);
      if (known) known.push(place);
      else places.set(name, [place]);
    }
    yield;
  }
  const firstBySignature = new Map<string, string>();
  const standsFor = new Map<string, string>();
  for (const [name, at] of places) {
    yield;
    const signature = at.join();
    const first = firstBySignature.get(signature) ?? name;
    firstBySignature.set(signature, first);
    standsFor.set(name, first);
  }
  return standsFor;
}

function unnamed(word: string, taken: { has(name: string): boolean }): string {
  let name = word;
  for (let number = 2; taken.has(name); number++) name = `${word}-${number}`;
  return name;
}

const orUnnamed = (names: readonly string[], otherwise: string): readonly string[] =>
  names.length > 0 ? names : [otherwise];

/** One of each list, without repetition; one empty combination where there is no list. */
function* combinations(lists: readonly (readonly string[])[]): Generator<readonly string[]> {
  const [first, ...rest] = lists;
  if (!first) {
    yield [];
    return;
  }
  for (const name of first) {
    for (const others of combinations(rest)) yield [...new Set([name, ...others])];
  }
}
