import { importAuthority, previewAuthorityImport } from '../../operations/import-authority.ts';
import { listRegister, revokeRegistered } from '../../operations/register.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export const authorityImportHandlers = ({ authority }: Implementer, contextOf: ContextOf) => ({
  import: authority.import.handler(({ input, context }) => importAuthority(contextOf(context), input)),
  previewImport: authority.previewImport.handler(({ input, context }) =>
    previewAuthorityImport(contextOf(context), input),
  ),
  listRegister: authority.listRegister.handler(({ input, context }) => listRegister(contextOf(context), input)),
  revokeRegistered: authority.revokeRegistered.handler(({ input: { serialNumber, reason }, context }) =>
    revokeRegistered(contextOf(context), serialNumber, reason),
  ),
});
