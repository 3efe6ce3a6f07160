import { revokeCertificate, takeCertificateRevocationBack } from '../../operations/certificate-revocations.ts';
import { importAuthority, previewAuthorityImport } from '../../operations/import-authority.ts';
import { listRegister, revokeRegistered, takeRegisteredRevocationBack } from '../../operations/register.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';

export const authorityImportHandlers = ({ authority }: Implementer, contextOf: ContextOf) => ({
  import: authority.import.handler(({ input, context }) => importAuthority(contextOf(context), input)),
  previewImport: authority.previewImport.handler(({ input, context }) =>
    previewAuthorityImport(contextOf(context), input),
  ),
  listRegister: authority.listRegister.handler(({ input, context }) => listRegister(contextOf(context), input)),
  revokeRegistered: authority.revokeRegistered.handler(({ input: { serialNumber, ...words }, context }) =>
    revokeRegistered(contextOf(context), serialNumber, words),
  ),
  takeRegisteredRevocationBack: authority.takeRegisteredRevocationBack.handler(({ input, context }) =>
    takeRegisteredRevocationBack(contextOf(context), input.serialNumber),
  ),
  revokeCertificate: authority.revokeCertificate.handler(({ input: { serialNumber, ...words }, context }) =>
    revokeCertificate(contextOf(context), serialNumber, words),
  ),
  takeCertificateRevocationBack: authority.takeCertificateRevocationBack.handler(({ input, context }) =>
    takeCertificateRevocationBack(contextOf(context), input.serialNumber),
  ),
});
