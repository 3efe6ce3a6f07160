import {
  deadRulesOf,
  differenceOfRules,
  explainDecision,
  matrixOf,
  reachOf,
  removalOfRule,
} from '../../operations/policy-analysis.ts';
import { Turns } from '../../platform/turns.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export function policyAnalysisHandlers({ policyAnalysis }: Implementer, contextOf: ContextOf) {
  /** One at a time: each of them may take a while, and a window asks for several at once. */
  const turns = new Turns(1);
  return {
    explain: policyAnalysis.explain.handler(({ input, context }) => explainDecision(contextOf(context), input)),
    removal: policyAnalysis.removal.handler(({ input, context }) => {
      const operation = contextOf(context);
      return turns.run(() => removalOfRule(operation, input));
    }),
    difference: policyAnalysis.difference.handler(({ input, context }) => {
      const operation = contextOf(context);
      return turns.run(() => differenceOfRules(operation, input));
    }),
    deadRules: policyAnalysis.deadRules.handler(({ input, context }) => {
      const operation = contextOf(context);
      return turns.run(() => deadRulesOf(operation, input.rules));
    }),
    reach: policyAnalysis.reach.handler(({ input, context }) => {
      const operation = contextOf(context);
      return turns.run(() => reachOf(operation, input.rules, input.topics));
    }),
    matrix: policyAnalysis.matrix.handler(({ input, context }) => {
      const operation = contextOf(context);
      return turns.run(() => matrixOf(operation, input.rules, input));
    }),
  };
}
