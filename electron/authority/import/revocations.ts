import type { RevocationReason } from '../../../shared/model/certificate.ts';
import { ConsoleError, type ErrorDetails } from '../../../shared/model/errors.ts';
import type { LintFinding } from '../../../shared/model/lint.ts';
import { inSlices } from '../../platform/slices.ts';
import { tag } from '../der.ts';
import { readElement, readIntegerHex, readOctets, readTime } from '../der-reader.ts';
import { extensionId } from '../extensions.ts';
import { lintCrlFrame } from '../lint/crl.ts';
import { fromLongPem } from '../pem.ts';
import { type CrlEntry, type CrlFrame, type Extension, eachCrlEntry, readCrlFrame } from '../structure.ts';
import type { IndexEntry } from './index-file.ts';

export type ImportedRevocation = {
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
  /** Since when its key must be taken for lost, where that is known (RFC 5280, 5.3.2). */
  readonly invalidityDate: Date | null;
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

export type OwnCrl = {
  readonly number: number;
  readonly revocations: readonly ImportedRevocation[];
  readonly findings: readonly LintFinding[];
};

/** What a CRL of this authority says. Throws `authority/import-mismatch` for the CRL of another one. */
export async function readOwnCrl(crlPem: string, authorityPem: string): Promise<OwnCrl> {
  const crl = readCrlFrame(await fromLongPem('X509 CRL', crlPem));
  const findings = await lintCrlFrame(crl, authorityPem);
  const strange = findings.find(({ rule }) => rule === 'crl-signature' || rule === 'crl-issuer');
  if (strange) throw mismatch(`the CRL is of another authority: ${strange.problem}`);
  const numberDer = extensionValue(crl, extensionId.crlNumber);
  const number = numberDer ? Number.parseInt(readIntegerHex(readElement(numberDer)), 16) : 0;
  if (!Number.isSafeInteger(number)) throw mismatch('the number of the CRL is too large to count on from');
  return { number, findings, revocations: await inSlices(readRevocations(crl)) };
}

function* readRevocations({ entries }: CrlFrame): Generator<undefined, ImportedRevocation[], undefined> {
  const revocations: ImportedRevocation[] = [];
  for (const entry of eachCrlEntry(entries)) {
    revocations.push(readRevocation(entry));
    yield;
  }
  return revocations;
}

function readRevocation(entry: CrlEntry): ImportedRevocation {
  const reason = extensionValue(entry, extensionId.reasonCode);
  const code = reason && readOctets(readElement(reason), tag.enumerated)[0];
  const since = extensionValue(entry, extensionId.invalidityDate);
  return {
    serialNumber: readIntegerHex(entry.serialNumber),
    revokedAt: readTime(entry.revokedAt),
    reason: (code !== undefined && reasons.get(code)) || 'unspecified',
    invalidityDate: since ? readTime(readElement(since)) : null,
  };
}

const extensionValue = ({ extensions }: { readonly extensions: readonly Extension[] }, id: string) =>
  extensions.find(({ oid }) => oid === id)?.value;

const mismatch = (because: string, details: ErrorDetails = {}) =>
  new ConsoleError('authority/import-mismatch', { because, details });

/**
 * Whatever either of them says is revoked: the register is newer than the last CRL, and a CRL cannot be taken back.
 * Throws `authority/import-mismatch` where the CRL revokes what the register calls valid.
 */
export function* joinRevocations(
  index: readonly IndexEntry[],
  fromCrl: readonly ImportedRevocation[],
): Generator<undefined, ReadonlyMap<string, ImportedRevocation>, undefined> {
  const revoked = new Map<string, ImportedRevocation>();
  for (const revocation of fromCrl) {
    revoked.set(revocation.serialNumber, revocation);
    yield;
  }
  for (const { serialNumber, state, line, revokedAt, reason = 'unspecified', invalidityDate = null } of index) {
    if (state === 'valid' && revoked.has(serialNumber)) {
      throw mismatch(`line ${line} of index.txt calls serial number ${serialNumber} valid, the CRL revokes it`, {
        line,
        serialNumber,
      });
    }
    if (revokedAt) revoked.set(serialNumber, { serialNumber, revokedAt, reason, invalidityDate });
    yield;
  }
  return revoked;
}
