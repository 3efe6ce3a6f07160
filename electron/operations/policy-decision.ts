// A question to the rules that nobody has asked for real yet.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PolicyAction, PolicyDecision, PolicySubject } from '../../shared/model/policy.ts';
import { RuleSet } from '../policy/decide.ts';
import type { OperationContext } from './context.ts';
import { activeRules, documentOf } from './policy-rules.ts';
import { policyServiceSettings, tokenVerifier } from './policy-settings.ts';

export type PolicyQuestion = {
  readonly text?: string | undefined;
  readonly version?: number | undefined;
  readonly who:
    | { readonly kind: 'subject'; readonly subject: PolicySubject }
    | { kind: 'token'; readonly token: string };
  readonly action: PolicyAction;
  readonly topic: string;
};

type Answer = { readonly decision: PolicyDecision; readonly subject: PolicySubject; readonly isSuperuser: boolean };

/**
 * By the given text, the given version, or the rules in force. Throws `policy/rules-invalid`, `policy/version-not-found`,
 * `policy/no-active-rules`, and for a token what `TokenVerifier.verify` throws.
 */
export async function decidePolicy(context: OperationContext, question: PolicyQuestion): Promise<Answer> {
  const rules = await rulesFor(context, question);
  const subject = await subjectOf(context, question.who);
  return {
    decision: rules.decide(subject, question.action, question.topic),
    subject,
    isSuperuser: rules.isSuperuser(subject),
  };
}

async function rulesFor(context: OperationContext, { text, version }: PolicyQuestion): Promise<RuleSet> {
  if (text !== undefined) return new RuleSet(await documentOf(context, { text }));
  if (version !== undefined) return new RuleSet(await documentOf(context, { version }));
  const active = activeRules(context);
  if (!active) throw new ConsoleError('policy/no-active-rules');
  return active.rules;
}

/** Throws for a token what `TokenVerifier.verify` throws. */
export async function subjectOf(context: OperationContext, who: PolicyQuestion['who']): Promise<PolicySubject> {
  if (who.kind === 'subject') return who.subject;
  const verifier = tokenVerifier(context, policyServiceSettings(context));
  return (await verifier.verify(who.token, context.clock.now())).subject;
}
