import type { RevocationReason } from '../../../shared/model/certificate.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { IndexEntry } from './index-file.ts';

export type ImportedRevocation = {
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
  /** Since when its key must be taken for lost, where that is known (RFC 5280, 5.3.2). */
  readonly invalidityDate: Date | null;
};

/** What one source leaves open, by another: `index.txt` has no word for some reasons, and a date beside few of them. */
export const withGapsFilled = (revocation: ImportedRevocation, other: ImportedRevocation): ImportedRevocation => ({
  ...revocation,
  reason: revocation.reason === 'unspecified' ? other.reason : revocation.reason,
  invalidityDate: revocation.invalidityDate ?? other.invalidityDate,
});

/**
 * Whatever either of them says is revoked: the register is newer than the last CRL, and a CRL cannot be taken back.
 * Throws `authority/import-mismatch` where a CRL revokes what the register calls valid.
 */
export function* joinRevocations(
  index: readonly IndexEntry[],
  byCrl: ReadonlyMap<string, ImportedRevocation>,
): Generator<undefined, ReadonlyMap<string, ImportedRevocation>, undefined> {
  const revoked = new Map<string, ImportedRevocation>();
  for (const [serialNumber, revocation] of byCrl) {
    revoked.set(serialNumber, revocation);
    yield;
  }
  for (const { serialNumber, state, line, revokedAt, reason = 'unspecified', invalidityDate = null } of index) {
    const known = byCrl.get(serialNumber);
    if (state === 'valid' && known) {
      throw new ConsoleError('authority/import-mismatch', {
        because: `line ${line} of index.txt calls serial number ${serialNumber} valid, a CRL revokes it`,
        details: { line, serialNumber },
      });
    }
    if (revokedAt) {
      const revocation = { serialNumber, revokedAt, reason, invalidityDate };
      revoked.set(serialNumber, known ? withGapsFilled(revocation, known) : revocation);
    }
    yield;
  }
  return revoked;
}
