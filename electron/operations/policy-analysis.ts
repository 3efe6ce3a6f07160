// What rules mean, before they are in force. Long work is done in slices, so that nobody waits for it.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PolicyDocument, PolicySubject } from '../../shared/model/policy.ts';
import type {
  DeadRules,
  FilterReach,
  PolicyDifference,
  PolicyExplanation,
  PolicyMatrix,
} from '../../shared/model/policy-analysis.ts';
import { inSlices } from '../platform/slices.ts';
import { deadRules } from '../policy/analysis/dead-rules.ts';
import { difference, withoutRule } from '../policy/analysis/difference.ts';
import { explain } from '../policy/analysis/explanation.ts';
import { matrix } from '../policy/analysis/matrix.ts';
import { reachOfFilters } from '../policy/analysis/reach.ts';
import { parsePolicy } from '../policy/rules.ts';
import type { OperationContext } from './context.ts';
import { type PolicyQuestion, subjectOf } from './policy-decision.ts';
import { getPolicyVersion } from './policy-rules.ts';

/** A text that need not be saved, or the number of a version. */
export type RulesReference = { readonly text: string } | { readonly version: number };

type Question = Omit<PolicyQuestion, 'text' | 'version'> & { readonly rules: RulesReference };

/** Throws `policy/rules-invalid`, `policy/version-not-found`, and for a token what `TokenVerifier.verify` throws. */
export async function explainDecision(
  context: OperationContext,
  { rules, ...question }: Question,
): Promise<PolicyExplanation & { readonly subject: PolicySubject }> {
  const document = documentOf(context, rules);
  const subject = await subjectOf(context, question.who);
  const explained = await inSlices(explain(document, subject, question.action, question.topic));
  return { ...explained, subject };
}

/** Throws `policy/rules-invalid`, `policy/version-not-found`, and `input/invalid` for a rule that is not there. */
export async function removalOfRule(
  context: OperationContext,
  { rules, rule }: { readonly rules: RulesReference; readonly rule: number },
): Promise<PolicyDifference> {
  const document = documentOf(context, rules);
  if (rule >= document.celine.mqtt.acl.rules.length)
    throw new ConsoleError('input/invalid', { fields: [{ field: 'rule', message: 'is not there' }] });
  const { changes, ...rest } = await inSlices(difference(document, withoutRule(document, rule)));
  return {
    ...rest,
    changes: changes.map((change) => ({
      ...change,
      after:
        change.after.reason === 'rule' && change.after.rule >= rule
          ? { ...change.after, rule: change.after.rule + 1 }
          : change.after,
    })),
  };
}

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export const differenceOfRules = (
  context: OperationContext,
  { before, after }: { readonly before: RulesReference; readonly after: RulesReference },
): Promise<PolicyDifference> => inSlices(difference(documentOf(context, before), documentOf(context, after)));

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export const deadRulesOf = (context: OperationContext, rules: RulesReference): Promise<DeadRules> =>
  inSlices(deadRules(documentOf(context, rules)));

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export const reachOf = (
  context: OperationContext,
  rules: RulesReference,
  topics: readonly string[],
): Promise<FilterReach[]> => inSlices(reachOfFilters(documentOf(context, rules), topics));

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export const matrixOf = (
  context: OperationContext,
  rules: RulesReference,
  asked: { readonly subjects: readonly PolicySubject[]; readonly topics: readonly string[] },
): Promise<PolicyMatrix> => inSlices(matrix(documentOf(context, rules), asked));

function documentOf(context: OperationContext, rules: RulesReference): PolicyDocument {
  const text = 'text' in rules ? rules.text : getPolicyVersion(context, rules.version).text;
  return parsePolicy(text).document;
}
