// The rules of a document as analyses ask them: the same answers as decide.ts gives, also without some of the rules.

import type { PolicyAction, PolicyDocument, PolicySubject } from '../../../shared/model/policy.ts';
import { type AnalysedFilter, type AnalysedRule, analysedRule, concerns } from './analysed-rule.ts';
import { FilterTree } from './filter-tree.ts';

export type RuleFilter = { readonly rule: AnalysedRule; readonly filter: AnalysedFilter };

/** Some rules of a document; `without` names those that are thought away. */
export class RuleBase {
  /** Levels of the longest filter of the document. */
  readonly deepest: number;
  readonly #all: readonly AnalysedRule[];
  readonly #tree: FilterTree<RuleFilter>;
  readonly #byKey: ReadonlyMap<string, readonly number[]>;
  readonly #without: ReadonlySet<number>;

  private constructor(
    all: readonly AnalysedRule[],
    deepest: number,
    tree: FilterTree<RuleFilter>,
    byKey: ReadonlyMap<string, readonly number[]>,
    without: ReadonlySet<number>,
  ) {
    this.#all = all;
    this.deepest = deepest;
    this.#tree = tree;
    this.#byKey = byKey;
    this.#without = without;
  }

  /** To be run in slices. */
  static *of(document: PolicyDocument): Generator<undefined, RuleBase> {
    const rules: AnalysedRule[] = [];
    const tree = new FilterTree<RuleFilter>();
    const byKey = new Map<string, number[]>();
    let deepest = 0;
    for (const [index, source] of document.celine.mqtt.acl.rules.entries()) {
      const rule = analysedRule(source, index);
      rules.push(rule);
      for (const filter of rule.filters) {
        tree.add(filter.levels, { rule, filter });
        deepest = Math.max(deepest, filter.levels.length);
      }
      const same = byKey.get(rule.key);
      if (same) same.push(index);
      else byKey.set(rule.key, [index]);
      yield;
    }
    return new RuleBase(rules, deepest, tree, byKey, new Set());
  }

  without(indexes: Iterable<number>): RuleBase {
    return new RuleBase(this.#all, this.deepest, this.#tree, this.#byKey, new Set([...this.#without, ...indexes]));
  }

  get rules(): readonly AnalysedRule[] {
    return this.#without.size === 0 ? this.#all : this.#all.filter(({ index }) => !this.#without.has(index));
  }

  /** Whether a rule is there that decides the same. */
  has({ key }: AnalysedRule): boolean {
    return this.#byKey.get(key)?.some((index) => !this.#without.has(index)) ?? false;
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
