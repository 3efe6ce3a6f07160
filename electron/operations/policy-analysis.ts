// What rules mean, before they are in force. Long work is done in slices, so that nobody waits for it.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PolicySubject } from '../../shared/model/policy.ts';
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
import type { OperationContext } from './context.ts';
import { type PolicyQuestion, subjectOf } from './policy-decision.ts';
import { documentOf, type RulesReference } from './policy-rules.ts';

type Question = Omit<PolicyQuestion, 'text' | 'version'> & { readonly rules: RulesReference };

/** Throws `policy/rules-invalid`, `policy/version-not-found`, and for a token what `TokenVerifier.verify` throws. */
export async function explainDecision(
  context: OperationContext,
  { rules, ...question }: Question,
): Promise<PolicyExplanation & { readonly subject: PolicySubject }> {
  const document = await documentOf(context, rules);
  const subject = await subjectOf(context, question.who);
  const explained = await inSlices(explain(document, subject, question.action, question.topic));
  return { ...explained, subject };
}

/** Throws `policy/rules-invalid`, `policy/version-not-found`, and `input/invalid` for a rule that is not there. */
export async function removalOfRule(
  context: OperationContext,
  { rules, rule }: { readonly rules: RulesReference; readonly rule: number },
): Promise<PolicyDifference> {
  const document = await documentOf(context, rules);
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
export const differenceOfRules = async (
  context: OperationContext,
  { before, after }: { readonly before: RulesReference; readonly after: RulesReference },
): Promise<PolicyDifference> =>
  inSlices(difference(await documentOf(context, before), await documentOf(context, after)));

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export const deadRulesOf = async (context: OperationContext, rules: RulesReference): Promise<DeadRules> =>
  inSlices(deadRules(await documentOf(context, rules)));

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export const reachOf = async (
  context: OperationContext,
  rules: RulesReference,
  topics: readonly string[],
): Promise<FilterReach[]> => inSlices(reachOfFilters(await documentOf(context, rules), topics));

/** Throws `policy/rules-invalid`, `policy/version-not-found`. */
export const matrixOf = async (
  context: OperationContext,
  rules: RulesReference,
  asked: { readonly subjects: readonly PolicySubject[]; readonly topics: readonly string[] },
): Promise<PolicyMatrix> => inSlices(matrix(await documentOf(context, rules), asked));
