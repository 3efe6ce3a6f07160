// One question, answered with every rule that has a say in it.

import type { PolicyAction, PolicyDecision, PolicyDocument, PolicySubject } from '../../../shared/model/policy.ts';
import type { PolicyExplanation } from '../../../shared/model/policy-analysis.ts';
import { RuleSet } from '../decide.ts';
import { filterLevels } from '../filters.ts';
import { isSuperuser } from '../superuser.ts';
import { RuleBase } from './rule-base.ts';

/** For more rules than this it is not said what would be without them. */
const maxWithout = 50;

/** Decides what is decided whatever the rules say. All of them as a rule set would be one long step. */
const noRules = new RuleSet({ celine: { mqtt: { acl: { rules: [] } } } });

/** To be run in slices. */
export function* explain(
  document: PolicyDocument,
  subject: PolicySubject,
  action: PolicyAction,
  topic: string,
): Generator<undefined, PolicyExplanation> {
  const subjectIsSuperuser = isSuperuser(document, subject);
  const unruled = noRules.decide(subject, action, topic);
  if (unruled.reason !== 'no-rule')
    return { decision: unruled, isSuperuser: subjectIsSuperuser, allowing: [], denying: [], without: [] };
  const asked = action === 'subscribe' ? topic.replace(/^\$share\/[^/]+\//, '') : topic;
  const base = yield* RuleBase.of(document);
  const { allowing, denying } = base.matching(subject, action, filterLevels(asked));
  return {
    decision: decisionOf(allowing, denying),
    isSuperuser: subjectIsSuperuser,
    allowing,
    denying,
    without: [...denying, ...allowing].slice(0, maxWithout).map((rule) => ({
      rule,
      decision: decisionOf(
        allowing.filter((other) => other !== rule),
        denying.filter((other) => other !== rule),
      ),
    })),
  };
}

function decisionOf([allowed]: readonly number[], [denied]: readonly number[]): PolicyDecision {
  if (denied !== undefined) return { allowed: false, reason: 'rule', rule: denied };
  if (allowed !== undefined) return { allowed: true, reason: 'rule', rule: allowed };
  return { allowed: false, reason: 'no-rule' };
}
