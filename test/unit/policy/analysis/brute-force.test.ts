// The analyses against asking every question of a small world.

import { describe, expect, it } from 'vitest';
import { deadRules } from '../../../../electron/policy/analysis/dead-rules.ts';
import { difference, withoutRule } from '../../../../electron/policy/analysis/difference.ts';
import { reachOfFilters } from '../../../../electron/policy/analysis/reach.ts';
import { RuleSet } from '../../../../electron/policy/decide.ts';
import { filtersOverlap } from '../../../../electron/policy/filters.ts';
import { type PolicyAction, type PolicyDocument, policyActions } from '../../../../shared/model/policy.ts';
import { filterMatchesTopic } from '../../../../shared/model/topics.ts';
import {
  documentOf,
  everySubject,
  everySubscription,
  everyTopic,
  someRules,
} from '../../../support/policy-universe.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

function ended<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

const askedBy = (action: PolicyAction) => (action === 'subscribe' ? everySubscription : everyTopic);

/** Every answer as one text, so that two rule sets can be compared quickly. */
function answers(document: PolicyDocument): string {
  const rules = new RuleSet(document);
  let all = '';
  for (const subject of everySubject) {
    for (const action of policyActions) {
      for (const asked of askedBy(action)) all += rules.decide(subject, action, asked).allowed ? '1' : '0';
    }
  }
  return all;
}

function* differing(before: PolicyDocument, after: PolicyDocument) {
  const [was, is] = [answers(before), answers(after)];
  let at = 0;
  for (const subject of everySubject) {
    for (const action of policyActions) {
      for (const asked of askedBy(action)) {
        if (was[at] !== is[at]) yield { subject, action, asked, isAllowed: is[at] === '1' };
        at++;
      }
    }
  }
}

describe('in a small world', () => {
  it('the difference lists every decision that changes, each with a witness, and nothing else', () => {
    const random = new SeededRandom(20);
    let changed = 0;
    for (let round = 0; round < 16; round++) {
      const rules = someRules(random, 2 + random.below(5));
      const before = documentOf(rules);
      const kept = rules.filter(() => random.chance(0.8));
      const after = documentOf([...someRules(random, random.below(2)), ...kept]);
      const { changes, isWhole, alike } = ended(difference(before, after));
      /** Whether a witness' name speaks of one of these names. */
      const isSaid = (of: string, name: string, names: readonly string[]) =>
        name.startsWith('any-') ||
        names.includes(name) ||
        alike.some(
          (entry) => entry.of === of && entry.name === name && entry.others.some((other) => names.includes(other)),
        );
      expect(isWhole).toBe(true);
      const [was, is] = [new RuleSet(before), new RuleSet(after)];
      for (const change of changes) {
        expect(was.decide(change.subject, change.action, change.asked)).toEqual(change.before);
        expect(is.decide(change.subject, change.action, change.asked)).toEqual(change.after);
        expect(change.before.allowed).not.toBe(change.after.allowed);
      }
      const untold = [...differing(before, after)].filter(
        ({ subject, action, asked, isAllowed }) =>
          !changes.some(
            (change) =>
              change.action === action &&
              change.after.allowed === isAllowed &&
              filtersOverlap(change.within, asked) &&
              change.subject.groups.every((group) => isSaid('groups', group, subject.groups)) &&
              change.subject.scopes.every((scope) => isSaid('scopes', scope, subject.scopes)) &&
              isSaid('ids', change.subject.id, [subject.id]),
          ),
      );
      expect({ before, after, untold: untold.slice(0, 3) }).toEqual({ before, after, untold: [] });
      if (changes.length > 0) changed++;
      else expect(answers(before)).toBe(answers(after));
    }
    expect(changed).toBeGreaterThan(8);
  });

  it('a dead rule changes nothing when it goes, alone or with all others; one that says all of another is found', () => {
    const random = new SeededRandom(21);
    const reasons = new Set<string>();
    for (let round = 0; round < 25; round++) {
      const rules = someRules(random, 3 + random.below(5));
      const document = documentOf(random.chance(0.2) ? [...rules, ...rules.slice(0, 1)] : rules);
      const whole = answers(document);
      const { rules: dead, isWhole } = ended(deadRules(document));
      expect(isWhole).toBe(true);
      let rest = document;
      for (const { rule, reason } of dead.toReversed()) {
        reasons.add(reason);
        expect({ document, rule, same: answers(withoutRule(document, rule)) === whole }).toEqual({
          document,
          rule,
          same: true,
        });
        rest = withoutRule(rest, rule);
      }
      expect(answers(rest)).toBe(whole);
      // What is left has a say, by itself or once the others are gone: nothing dead was overlooked.
      const left = [...document.celine.mqtt.acl.rules.keys()].filter(
        (index) => !dead.some(({ rule }) => rule === index),
      );
      for (const [place, index] of left.entries()) {
        const hasSay = answers(withoutRule(rest, place)) !== whole || answers(withoutRule(document, index)) !== whole;
        expect({ document, index, hasSay }).toEqual({ document, index, hasSay: true });
      }
    }
    expect([...reasons].sort()).toEqual(
      ['covered', 'denied', 'duplicate', 'no-subject', 'nothing-to-deny', 'together', 'unknown-condition'].sort(),
    );
  });

  it('who can reach a filter is who is allowed something within it', () => {
    const random = new SeededRandom(22);
    const seen = new Set<string>();
    for (let round = 0; round < 30; round++) {
      const document = documentOf(someRules(random, 2 + random.below(4)));
      const rules = new RuleSet(document);
      for (const { filter, ...reach } of ended(reachOfFilters(document, ['a/b', '#', 'b/+']))) {
        for (const action of policyActions) {
          const within = everyTopic.filter((topic) => filterMatchesTopic(filter, topic));
          const isAllowed = (topic: string) => (subject: (typeof everySubject)[number]) =>
            rules.decide(subject, action, topic).allowed;
          const forAll = within.some((topic) => everySubject.every(isAllowed(topic)));
          const forSome = within.some((topic) => everySubject.some(isAllowed(topic)));
          const expected = forAll ? 'everybody' : forSome ? 'somebody' : 'nobody';
          seen.add(expected);
          expect({ document, filter, action, reach: reach[action] }).toEqual({
            document,
            filter,
            action,
            reach: expected,
          });
        }
      }
    }
    expect(seen.size).toBe(3);
  });
});
