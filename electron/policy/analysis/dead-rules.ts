// Rules without which every decision would stay as it is.
// - They can be removed all at once and each by itself: of two that say the same, the later one is named.
// - Whoever is in doubt keeps a rule: where not everything could be looked at, it is not named.

import type { PolicyDocument } from '../../../shared/model/policy.ts';
import type { DeadReason, DeadRules } from '../../../shared/model/policy-analysis.ts';
import { filterCoversFilter } from '../filters.ts';
import type { AnalysedRule } from './analysed-rule.ts';
import { type Comparison, lostDecisions } from './lost-decisions.ts';
import { RuleBase } from './rule-base.ts';
import { SubjectNames } from './witness-subjects.ts';

const maxStepsPerRule = 200_000;
const maxSteps = 5_000_000;
/** More rules than this are not named as the reason. */
const maxBecause = 5;

type Finding = DeadRules['rules'][number];

/** To be run in slices. */
export function* deadRules(document: PolicyDocument): Generator<undefined, DeadRules> {
  const whole = yield* RuleBase.of(document);
  const names = yield* SubjectNames.of([whole.rules]);
  const found: Finding[] = [];
  const budget = { steps: maxSteps };
  let isWhole = true;
  let left = whole;
  for (const rule of whole.rules.toReversed()) {
    const isDead = yield* isWithoutEffect(whole, rule, names, budget);
    const isDeadStill =
      isDead === true && found.length > 0 ? yield* isWithoutEffect(left, rule, names, budget) : isDead;
    if (isDead === null || isDeadStill === null) isWhole = false;
    if (isDeadStill !== true) continue;
    found.push(explained(left, rule, names));
    left = left.without([rule.index]);
  }
  return { rules: found.toReversed(), isWhole };
}

/** Null where there was too much to look at. */
function* isWithoutEffect(
  base: RuleBase,
  rule: AnalysedRule,
  names: SubjectNames,
  budget: { steps: number },
): Generator<undefined, boolean | null> {
  const less = base.without([rule.index]);
  if (less.has(rule)) return true;
  let hasGap = false;
  const onGap = () => {
    hasGap = true;
  };
  const isAllow = rule.effect === 'allow';
  const [from, to] = isAllow ? [base, less] : [less, base];
  const changed = isAllow ? { gone: [rule], come: [] } : { gone: [], come: [rule] };
  const comparison: Comparison = { from, to, names, deepest: base.deepest, onGap };
  let steps = 0;
  for (const lost of lostDecisions(comparison, changed)) {
    yield;
    if (lost) return false;
    steps++;
    budget.steps--;
    if (steps > maxStepsPerRule || budget.steps < 0) return null;
  }
  return hasGap ? null : true;
}

function explained(base: RuleBase, rule: AnalysedRule, names: SubjectNames): Finding {
  const finding = (reason: DeadReason, because: readonly AnalysedRule[] = []): Finding => ({
    rule: rule.index,
    reason,
    because: because.slice(0, maxBecause).map(({ index }) => index),
  });
  if (rule.hasUnknownCondition) return finding('unknown-condition');
  const [subject] = names.concernedByAll([rule]);
  if (!subject) return finding('no-subject');
  const near = new Map<number, AnalysedRule>();
  for (const { levels } of rule.filters) {
    for (const { rule: other } of base.overlapping(levels)) {
      const isShared = other.actions.some((action) => rule.actions.includes(action));
      if (other.index !== rule.index && isShared && meetSomebody([rule, other], names)) near.set(other.index, other);
    }
  }
  const others = [...near.values()].sort((a, b) => a.index - b.index);
  const same = others.find(({ key }) => key === rule.key);
  if (same) return finding('duplicate', [same]);
  const covering = others.find((other) => covers(other, rule));
  if (covering) return finding(covering.effect === rule.effect ? 'covered' : 'denied', [covering]);
  if (rule.effect === 'deny' && others.every(({ effect }) => effect === 'deny')) return finding('nothing-to-deny');
  return finding('together', others);
}

function meetSomebody(rules: readonly AnalysedRule[], names: SubjectNames): boolean {
  const [subject] = names.concernedByAll(rules);
  return subject !== undefined;
}

/** Whether one rule is about all that the other is about; an allow covers no deny. */
function covers(outer: AnalysedRule, inner: AnalysedRule): boolean {
  return (
    (outer.effect === 'deny' || inner.effect === 'allow') &&
    inner.actions.every((action) => outer.actions.includes(action)) &&
    inner.types.every((type) => outer.types.includes(type)) &&
    holds(outer.ids, inner.ids) &&
    holds(outer.groups, inner.groups) &&
    holds(outer.scopes, inner.scopes) &&
    inner.filters.every(({ text }) => outer.filters.some((filter) => filterCoversFilter(filter.text, text)))
  );
}

const holds = (outer: ReadonlySet<string> | null, inner: ReadonlySet<string> | null): boolean =>
  outer === null || (inner !== null && [...inner].every((name) => outer.has(name)));
