import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export function auditHandlers(os: Implementer, contextOf: ContextOf) {
  return {
    list: os.audit.list.handler(async ({ input, context }) => {
      const { audit } = contextOf(context).vault;
      const { items, total } = audit.list(input);
      return {
        items: items.map((row) => ({ ...row, details: { ...row.details } })),
        total,
        firstBroken: (await audit.firstBroken()) ?? null,
      };
    }),
  };
}
