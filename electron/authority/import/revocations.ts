import type { RevocationReason } from '../../../shared/model/certificate.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { tag } from '../der.ts';
import { readElement, readIntegerHex, readOctets, readTime } from '../der-reader.ts';
import { extensionId } from '../extensions.ts';
import { lintCrl } from '../lint/crl.ts';
import { fromPem } from '../pem.ts';
import { type CrlEntry, readCrlStructure } from '../structure.ts';
import type { IndexEntry } from './index-file.ts';

export type ImportedRevocation = {
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
};

/** CRLReason (RFC 5280, 5.3.1) in the words of this console; what it has no word for stays revoked all the same. */
const reasons: ReadonlyMap<number, RevocationReason> = new Map([
  [1, 'keyCompromise'],
  [2, 'cACompromise'],
  [3, 'affiliationChanged'],
  [4, 'superseded'],
  [5, 'cessationOfOperation'],
  [6, 'certificateHold'],
  [9, 'privilegeWithdrawn'],
  [10, 'aACompromise'],
]);

/** What a CRL of this authority says. Throws `authority/import-mismatch` for the CRL of another one. */
export function readOwnCrl(
  crlPem: string,
  authorityPem: string,
): { readonly number: number; readonly revocations: readonly ImportedRevocation[] } {
  const crl = readCrlStructure(fromPem('X509 CRL', crlPem));
  const strange = lintCrl(crlPem, { issuerPem: authorityPem }).find(
    ({ rule }) => rule === 'crl-signature' || rule === 'crl-issuer',
  );
  if (strange) {
    throw new ConsoleError('authority/import-mismatch', {
      because: `the CRL is of another authority: ${strange.problem}`,
    });
  }
  const number = crl.extensions.find(({ oid }) => oid === extensionId.crlNumber)?.value;
  return {
    number: number ? Number.parseInt(readIntegerHex(readElement(number)), 16) : 0,
    revocations: (crl.entries ?? []).map(readRevocation),
  };
}

function readRevocation({ serialNumber, revokedAt, extensions }: CrlEntry): ImportedRevocation {
  const reason = extensions.find(({ oid }) => oid === extensionId.reasonCode)?.value;
  const code = reason && readOctets(readElement(reason), tag.enumerated)[0];
  return {
    serialNumber: readIntegerHex(serialNumber),
    revokedAt: readTime(revokedAt),
    reason: (code !== undefined && reasons.get(code)) || 'unspecified',
  };
}

/**
 * Whatever either of them says is revoked: the register is newer than the last CRL, and a CRL cannot be taken back.
 * Throws `authority/import-mismatch` where the CRL revokes what the register calls valid.
 */
export function joinRevocations(
  index: readonly IndexEntry[],
  fromCrl: readonly ImportedRevocation[],
): ImportedRevocation[] {
  const revoked = new Map(fromCrl.map((revocation) => [revocation.serialNumber, revocation]));
  for (const { serialNumber, state, line, revokedAt, reason } of index) {
    if (state === 'valid' && revoked.has(serialNumber)) {
      throw new ConsoleError('authority/import-mismatch', {
        because: `line ${line} of index.txt calls serial number ${serialNumber} valid, the CRL revokes it`,
        details: { line, serialNumber },
      });
    }
    if (revokedAt) revoked.set(serialNumber, { serialNumber, revokedAt, reason: reason ?? 'unspecified' });
  }
  return [...revoked.values()];
}
