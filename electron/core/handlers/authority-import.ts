import { importAuthority, previewAuthorityImport } from '../../operations/import-authority.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export const authorityImportHandlers = ({ authority }: Implementer, contextOf: ContextOf) => ({
  import: authority.import.handler(({ input, context }) => importAuthority(contextOf(context), input)),
  previewImport: authority.previewImport.handler(({ input, context }) =>
    previewAuthorityImport(contextOf(context), input),
  ),
});
