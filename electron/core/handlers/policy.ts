import { decidePolicy } from '../../operations/policy-decision.ts';
import {
  activatePolicyVersion,
  checkPolicyText,
  getPolicyVersion,
  listPolicyVersions,
  savePolicyVersion,
} from '../../operations/policy-rules.ts';
import type { Implementer } from '../implementer.ts';
import type { LivePolicy } from '../live-policy.ts';
import type { ContextOf } from '../operation-context.ts';

export function policyHandlers({ policy }: Implementer, contextOf: ContextOf, live: LivePolicy) {
  return {
    listRules: policy.listRules.handler(({ context }) => listPolicyVersions(contextOf(context))),
    getRules: policy.getRules.handler(({ input, context }) => getPolicyVersion(contextOf(context), input.version)),
    saveRules: policy.saveRules.handler(({ input, context }) =>
      savePolicyVersion(contextOf(context), input.text, input.note),
    ),
    activateRules: policy.activateRules.handler(async ({ input, context }) => {
      const operation = contextOf(context);
      const active = activatePolicyVersion(operation, input.version);
      await live.follow(operation);
      return active;
    }),
    checkRules: policy.checkRules.handler(({ input, context }) => {
      contextOf(context);
      return checkPolicyText(input.text);
    }),
    decide: policy.decide.handler(({ input, context }) => decidePolicy(contextOf(context), input)),
    getService: policy.getService.handler(({ context }) => live.view(contextOf(context))),
    configureService: policy.configureService.handler(({ input, context }) =>
      live.configure(contextOf(context), input),
    ),
    startService: policy.startService.handler(({ context }) => live.start(contextOf(context))),
    stopService: policy.stopService.handler(({ context }) => live.stop(contextOf(context))),
  };
}
