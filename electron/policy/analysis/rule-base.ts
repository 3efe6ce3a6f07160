// The rules of a document as analyses ask them: the same answers as decide.ts gives, also without some of the rules.

import type { PolicyAction, PolicyDocument, PolicySubject } from '../../../shared/model/policy.ts';
import { type AnalysedFilter, type AnalysedRule, analysedRules, concerns } from './analysed-rule.ts';
import { FilterTree } from './filter-tree.ts';

export type RuleFilter = { readonly rule: AnalysedRule; readonly filter: AnalysedFilter };

/** Some rules of a document; `without` names those that are thought away. */
export class RuleBase {
  readonly rules: readonly AnalysedRule[];
  readonly #tree: FilterTree<RuleFilter>;
  readonly #byKey: ReadonlyMap<string, readonly number[]>;
  readonly #without: ReadonlySet<number>;

  private constructor(
    rules: readonly AnalysedRule[],
    tree: FilterTree<RuleFilter>,
    byKey: ReadonlyMap<string, readonly number[]>,
    without: ReadonlySet<number>,
  ) {
    this.rules = rules.filter(({ index }) => !without.has(index));
    this.#tree = tree;
    this.#byKey = byKey;
    this.#without = without;
  }

  static of(document: PolicyDocument): RuleBase {
    const rules = analysedRules(document);
    const tree = new FilterTree<RuleFilter>();
    for (const rule of rules) for (const filter of rule.filters) tree.add(filter.levels, { rule, filter });
    const byKey = Map.groupBy(rules, ({ key }) => key);
    const indexes = new Map([...byKey].map(([key, same]) => [key, same.map(({ index }) => index)]));
    return new RuleBase(rules, tree, indexes, new Set());
  }

  without(indexes: Iterable<number>): RuleBase {
    return new RuleBase(this.rules, this.#tree, this.#byKey, new Set([...this.#without, ...indexes]));
  }

  /** Whether a rule is there that decides the same. */
  has({ key }: AnalysedRule): boolean {
    return this.#byKey.get(key)?.some((index) => !this.#without.has(index)) ?? false;
  }

  get deepest(): number {
    let deepest = 0;
    for (const { filters } of this.rules) for (const { levels } of filters) deepest = Math.max(deepest, levels.length);
    return deepest;
  }

  /** The rules, and their filters, that have a topic in common with this one. */
  overlapping(levels: readonly string[]): RuleFilter[] {
    return this.#tree.overlapping(levels).filter(({ rule }) => !this.#without.has(rule.index));
  }

  /** The rules that allow this and those that deny it, in the order of the document. */
  matching(subject: PolicySubject, action: PolicyAction, levels: readonly string[]) {
    const about = ({ rule }: RuleFilter, effect: AnalysedRule['effect']) =>
      rule.effect === effect &&
      !this.#without.has(rule.index) &&
      rule.actions.includes(action) &&
      concerns(rule, subject);
    const covering = this.#tree.covering(levels);
    const touching = action === 'subscribe' ? this.#tree.overlapping(levels) : covering;
    return {
      allowing: indexesOf(covering.filter((entry) => about(entry, 'allow'))),
      denying: indexesOf(touching.filter((entry) => about(entry, 'deny'))),
    };
  }

  isAllowed(subject: PolicySubject, action: PolicyAction, levels: readonly string[]): boolean {
    const { allowing, denying } = this.matching(subject, action, levels);
    return allowing.length > 0 && denying.length === 0;
  }
}

const indexesOf = (entries: readonly RuleFilter[]): number[] =>
  [...new Set(entries.map(({ rule }) => rule.index))].sort((a, b) => a - b);
