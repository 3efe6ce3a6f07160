// What one rule set allows and another does not.
// - Something allowed is lost either because every rule that allowed it is gone, or because a deny has come that touches it.
//   So it is enough to look at the rules that are in one set only, with those of the other that they meet.
// - The subjects and topics looked at are witnesses: if anything at all is lost, one of them loses it.

import type { PolicyAction, PolicySubject } from '../../../shared/model/policy.ts';
import { filterCoversFilter } from '../filters.ts';
import type { AnalysedRule } from './analysed-rule.ts';
import type { RuleBase } from './rule-base.ts';
import type { SubjectNames } from './witness-subjects.ts';
import { meetOfFilters, witnessSubscriptions, witnessTopics } from './witness-topics.ts';

export type LostDecision = {
  readonly subject: PolicySubject;
  readonly action: PolicyAction;
  /** The filter within which it is lost, as levels. */
  readonly within: readonly string[];
  /** The topic, or the subscription, that is lost, as levels. */
  readonly asked: readonly string[];
};

/** The rules that make a difference. */
export type ChangedRules = {
  /** Allows that only the first set has. */
  readonly gone: readonly AnalysedRule[];
  /** Denies that only the second set has. */
  readonly come: readonly AnalysedRule[];
};

export type Comparison = {
  readonly from: RuleBase;
  readonly to: RuleBase;
  readonly names: SubjectNames;
  /** Levels of the longest filter on either side. */
  readonly deepest: number;
  /** Called where not all witnesses were looked at, so that something may be lost that is not told. */
  readonly onGap: () => void;
};

/** `undefined` between two steps. The same may be told more than once, from different rules. */
export function* lostDecisions(
  comparison: Comparison,
  { gone, come }: ChangedRules = changedRules(comparison),
): Generator<LostDecision | undefined> {
  for (const rule of gone) yield* lostWith(comparison, rule);
  for (const rule of come) yield* lostTo(comparison, rule);
}

const changedRules = ({ from, to }: Comparison): ChangedRules => ({
  gone: from.rules.filter((rule) => rule.effect === 'allow' && !to.has(rule)),
  come: to.rules.filter((rule) => rule.effect === 'deny' && !from.has(rule)),
});

/** Lost since this allow is gone. */
function* lostWith(comparison: Comparison, allow: AnalysedRule): Generator<LostDecision | undefined> {
  const { from, names, deepest, onGap } = comparison;
  const { level } = names.unnamed;
  for (const { levels } of allow.filters) {
    const topics = witnessTopics(levels, level, deepest);
    const denied = from
      .overlapping(levels)
      .filter(({ rule }) => rule.effect === 'deny' && rule.actions.includes('subscribe'))
      .map(({ filter }) => filter.levels);
    const narrowed = allow.actions.includes('subscribe')
      ? witnessSubscriptions(levels, level, denied)
      : { subscriptions: [], isWhole: true };
    if (!narrowed.isWhole) onGap();
    for (const subject of names.concernedByAll([allow])) {
      for (const action of allow.actions) {
        const all = action === 'subscribe' ? narrowed.subscriptions : topics;
        yield firstLost(comparison, subject, action, levels, all);
      }
    }
  }
}

/** Lost since this deny has come. */
function* lostTo(comparison: Comparison, deny: AnalysedRule): Generator<LostDecision | undefined> {
  const { from, names, deepest } = comparison;
  for (const { levels } of deny.filters) {
    for (const { rule: allow, filter } of from.overlapping(levels)) {
      const actions = allow.effect === 'allow' ? allow.actions.filter((action) => deny.actions.includes(action)) : [];
      const within = meetOfFilters(levels, filter.levels);
      if (actions.length === 0 || within === null) continue;
      const topics = witnessTopics(within, names.unnamed.level, deepest);
      const subscriptions = [...topics, ...byTheEmptyTopic(within, filter.text)];
      for (const subject of names.concernedByAll([allow, deny])) {
        for (const action of actions) {
          yield firstLost(comparison, subject, action, within, action === 'subscribe' ? subscriptions : topics);
        }
      }
    }
    yield undefined;
  }
}

/** Two filters that share the empty topic only are told apart by no message, and by these subscriptions. */
const byTheEmptyTopic = (within: readonly string[], allowed: string): (readonly string[])[] =>
  within[0] === '' && (within.length === 1 || within[1] === '#')
    ? ['+', '/#'].filter((filter) => filterCoversFilter(allowed, filter)).map((filter) => filter.split('/'))
    : [];

function firstLost(
  { from, to }: Comparison,
  subject: PolicySubject,
  action: PolicyAction,
  within: readonly string[],
  all: readonly (readonly string[])[],
): LostDecision | undefined {
  const asked = all.find((levels) => from.isAllowed(subject, action, levels) && !to.isAllowed(subject, action, levels));
  return asked && { subject, action, within, asked };
}
