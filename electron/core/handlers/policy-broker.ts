import { exportCelineBroker } from '../../operations/export-celine.ts';
import { readAclFile, renderAclFile } from '../../operations/policy-acl.ts';
import { Turns } from '../../platform/turns.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export function policyBrokerHandlers({ policyBroker }: Implementer, contextOf: ContextOf) {
  /** One at a time: each of them may take a while. */
  const turns = new Turns(1);
  return {
    renderAcl: policyBroker.renderAcl.handler(({ input, context }) => {
      const operation = contextOf(context);
      return turns.run(() => renderAclFile(operation, input));
    }),
    readAcl: policyBroker.readAcl.handler(({ input, context }) => {
      contextOf(context);
      return turns.run(() => readAclFile(input.text));
    }),
    exportCeline: policyBroker.exportCeline.handler(async ({ input, context }) => {
      const { fileName, content } = await exportCelineBroker(contextOf(context), input);
      return new File([content], fileName, { type: 'application/x-tar' });
    }),
  };
}
