import {
  authorityFile,
  establishAuthority,
  renewCrl,
  setCrlDays,
  takeCrlOut,
  viewAuthority,
  viewCertificate,
} from '../../operations/authority.ts';
import { checkRegister, viewCertificateDetail } from '../../operations/check-register.ts';
import { expiryCalendar, listExpiries } from '../../operations/expiries.ts';
import { authorityDerFile, exportCertificateSet } from '../../operations/export-credentials.ts';
import { publicTokenKeyFile } from '../../operations/plant-tokens.ts';
import { retireTokenKey, signWithTokenKey, startTokenRollover, viewTokenKeys } from '../../operations/token-keys.ts';
import type { Implementer } from '../implementer.ts';
import type { ContextOf } from '../operation-context.ts';
import type { Reservations } from '../reservations.ts';
import { fileOf } from './file-of.ts';

const pemFile = (pem: string | Uint8Array<ArrayBuffer>, name: string, type: string) => new File([pem], name, { type });

export function authorityHandlers(os: Implementer, contextOf: ContextOf, deployments: Reservations) {
  const { authority } = os;
  return {
    create: authority.create.handler(({ input, context }) => establishAuthority(contextOf(context), input)),
    get: authority.get.handler(({ context }) => viewAuthority(contextOf(context))),
    certificateFile: authority.certificateFile.handler(({ context }) =>
      pemFile(authorityFile(contextOf(context)), 'ca.crt', 'application/x-pem-file'),
    ),
    crlFile: authority.crlFile.handler(async ({ context }) =>
      pemFile(await takeCrlOut(contextOf(context)), 'ca.crl', 'application/x-pem-file'),
    ),
    derFile: authority.derFile.handler(async ({ input, context }) =>
      fileOf(await authorityDerFile(contextOf(context), input.file)),
    ),
    exportSet: authority.exportSet.handler(async ({ input, context }) =>
      fileOf(
        await exportCertificateSet(contextOf(context), {
          ...input,
          // What is being carried to a device must not be handed out meanwhile.
          assertFree: (plantId) => deployments.assertFree(plantId),
        }),
      ),
    ),
    renewCrl: authority.renewCrl.handler(({ context }) => renewCrl(contextOf(context))),
    setCrlPolicy: authority.setCrlPolicy.handler(({ input, context }) =>
      setCrlDays(contextOf(context), input.nextUpdateDays),
    ),
    expiries: authority.expiries.handler(({ context }) => listExpiries(contextOf(context))),
    calendarFile: authority.calendarFile.handler(
      async ({ context }) =>
        new File([await expiryCalendar(contextOf(context))], 'voke.ics', { type: 'text/calendar' }),
    ),
    tokenKeys: authority.tokenKeys.handler(({ context }) => viewTokenKeys(contextOf(context))),
    startTokenRollover: authority.startTokenRollover.handler(({ context }) => startTokenRollover(contextOf(context))),
    signWithTokenKey: authority.signWithTokenKey.handler(({ input, context }) =>
      signWithTokenKey(contextOf(context), input.keyId, input.insist),
    ),
    retireTokenKey: authority.retireTokenKey.handler(({ input, context }) =>
      retireTokenKey(contextOf(context), input.keyId, input.insist),
    ),
    tokenKeyFile: authority.tokenKeyFile.handler(({ input, context }) => {
      const bytes = publicTokenKeyFile(contextOf(context), input.file);
      return new File([Uint8Array.from(bytes)], input.file, { type: 'application/octet-stream' });
    }),
    certificate: authority.certificate.handler(({ input, context }) =>
      viewCertificateDetail(contextOf(context), input.serialNumber),
    ),
    check: authority.check.handler(({ context }) => checkRegister(contextOf(context))),
    listCertificates: authority.listCertificates.handler(({ input, context }) => {
      const { items, total } = contextOf(context).vault.certificates.list(input);
      return { items: items.map(viewCertificate), total };
    }),
  };
}
