import { decidePolicy } from '../../operations/policy-decision.ts';
import {
  activatePolicyVersion,
  checkPolicyText,
  getPolicyVersion,
  listPolicyVersions,
  savePolicyVersion,
} from '../../operations/policy-rules.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export function policyHandlers({ policy }: Implementer, contextOf: ContextOf) {
  return {
    listRules: policy.listRules.handler(({ context }) => listPolicyVersions(contextOf(context))),
    getRules: policy.getRules.handler(({ input, context }) => getPolicyVersion(contextOf(context), input.version)),
    saveRules: policy.saveRules.handler(({ input, context }) =>
      savePolicyVersion(contextOf(context), input.text, input.note),
    ),
    activateRules: policy.activateRules.handler(({ input, context }) =>
      activatePolicyVersion(contextOf(context), input.version),
    ),
    checkRules: policy.checkRules.handler(({ input, context }) => {
      contextOf(context);
      return checkPolicyText(input.text);
    }),
    decide: policy.decide.handler(({ input, context }) => decidePolicy(contextOf(context), input)),
  };
}
