// The difference between two rule sets as the decisions that change; and so, what would change without a rule.

import { groupName, type PolicyAction, type PolicyDocument } from '../../../shared/model/policy.ts';
import type { DecisionChange, PolicyDifference } from '../../../shared/model/policy-analysis.ts';
import { RuleSet } from '../decide.ts';
import { type LostDecision, lostDecisions } from './lost-decisions.ts';
import { RuleBase } from './rule-base.ts';
import { SubjectNames } from './witness-subjects.ts';
import { askedFor } from './witness-topics.ts';

type Limits = {
  /** More changes than this are not listed. */
  readonly maxChanges: number;
  /** More witnesses than this are not looked at. */
  readonly maxSteps: number;
};

const defaults: Limits = { maxChanges: 1000, maxSteps: 2_000_000 };

/** To be run in slices. Where `isWhole`, an empty list means that no decision changes. */
export function* difference(
  before: PolicyDocument,
  after: PolicyDocument,
  limits: Limits = defaults,
): Generator<undefined, PolicyDifference> {
  const was = yield* RuleBase.of(before);
  const is = yield* RuleBase.of(after);
  const [decidedBy, decidesBy] = [new RuleSet(before), new RuleSet(after)];
  const names = yield* SubjectNames.of([was.rules, is.rules]);
  const changes = new Map<string, DecisionChange>();
  let isWhole = true;
  let steps = 0;
  const onGap = () => {
    isWhole = false;
  };
  const common = { names, deepest: Math.max(was.deepest, is.deepest), onGap };
  for (const [from, to] of [
    [was, is],
    [is, was],
  ] as const) {
    let listed = 0;
    for (const lost of lostDecisions({ ...common, from, to })) {
      yield;
      if (++steps > limits.maxSteps || listed >= limits.maxChanges / 2) {
        isWhole = false;
        break;
      }
      if (!lost) continue;
      const key = keyOf(lost);
      if (changes.has(key)) continue;
      const asked = askedOf(lost, names.unnamed.level);
      const { subject, action } = lost;
      changes.set(key, {
        subject,
        action,
        within: lost.within.join('/'),
        asked,
        before: decidedBy.decide(subject, action, asked),
        after: decidesBy.decide(subject, action, asked),
      });
      listed++;
    }
  }
  const superusers = { gained: superusersOnlyIn(after, before), lost: superusersOnlyIn(before, after) };
  return { changes: [...changes.values()], superusers, isWhole, unnamed: names.unnamed, alike: names.alike };
}

/** What would change without one of the rules. */
export const withoutRule = (document: PolicyDocument, index: number): PolicyDocument => ({
  ...document,
  celine: {
    ...document.celine,
    mqtt: {
      ...document.celine.mqtt,
      acl: { ...document.celine.mqtt.acl, rules: document.celine.mqtt.acl.rules.toSpliced(index, 1) },
    },
  },
});

function superusersOnlyIn(document: PolicyDocument, other: PolicyDocument) {
  const only = (dimension: 'group_permissions' | 'scope_permissions') => {
    const named = ({ celine }: PolicyDocument) =>
      Object.entries(celine.roles?.[dimension] ?? {}).flatMap(([name, all]) =>
        all.includes('superuser') ? [dimension === 'group_permissions' ? groupName(name) : name] : [],
      );
    const others = new Set(named(other));
    return [...new Set(named(document))].filter((name) => !others.has(name));
  };
  return { groups: only('group_permissions'), scopes: only('scope_permissions') };
}

const keyOf = ({ subject, action, within }: LostDecision): string =>
  JSON.stringify([subject.type, subject.id, [...subject.groups].sort(), [...subject.scopes].sort(), action, within]);

function askedOf({ action, asked }: { action: PolicyAction; asked: readonly string[] }, unnamed: string): string {
  const text = asked.join('/');
  return action === 'subscribe' ? askedFor(text, unnamed) : text;
}
