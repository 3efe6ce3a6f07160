import type { PolicyAction, PolicyDecision, PolicySubject } from '../../../shared/model/policy.ts';
import type { RuleSet } from '../decide.ts';

export type Answer = { readonly ok: boolean; readonly reason: string };

export const no = (reason: string): Answer => ({ ok: false, reason });

/** Whether the subject may do all of this on the topic, or filter, and why. Without rules nobody may do anything. */
export function decideAccess(
  rules: RuleSet | undefined,
  subject: PolicySubject,
  actions: readonly PolicyAction[],
  topic: string,
): Answer {
  if (!rules) return no('no rules are in force');
  const isSuperuser = rules.isSuperuser(subject);
  const reasons: string[] = [];
  for (const action of actions) {
    const decision = rules.decide(subject, action, topic);
    const isLifted = isSuperuser && decision.reason !== 'invalid-topic';
    if (!decision.allowed && !isLifted) return no(reasonOf(action, decision));
    reasons.push(isLifted ? `${action}: superuser` : reasonOf(action, decision));
  }
  return { ok: true, reason: reasons.join(', ') };
}

/** Rules are numbered from 1, as people count them and as the screen and an acl_file's comments do. */
function reasonOf(action: PolicyAction, decision: PolicyDecision): string {
  switch (decision.reason) {
    case 'rule':
      return `${action}: ${decision.allowed ? 'allowed' : 'denied'} by rule ${decision.rule + 1}`;
    case 'no-rule':
      return `${action}: no rule allows it`;
    case 'nobody':
      return `${action}: the token names no groups and no scopes`;
    case 'invalid-topic':
      return `${action}: this is no ${action === 'subscribe' ? 'topic filter' : 'topic'}`;
  }
}
