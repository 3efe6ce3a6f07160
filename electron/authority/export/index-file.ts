// `index.txt` as `openssl ca` keeps it; import/index-file.ts is its counterpart. With it a site that runs openssl goes on
// where the console stopped: it knows what was issued and what is revoked.

import type { RevocationReason } from '../../../shared/model/certificate.ts';

export type IndexedCertificate = {
  /** Hex. */
  readonly serialNumber: string;
  readonly subject: string;
  readonly notAfter: Date;
  readonly revokedAt: Date | undefined;
  readonly reason: RevocationReason | undefined;
};

/** The reasons that `openssl ca` knows (apps/ca.c, crl_reasons); with any other it would sign no CRL any more. */
const opensslReasons: ReadonlySet<string> = new Set([
  'keyCompromise',
  'CACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
]);

/** One line, ended by a line feed. */
export function indexLine({ serialNumber, subject, notAfter, revokedAt, reason }: IndexedCertificate): string {
  const word = reason === 'cACompromise' ? 'CACompromise' : reason;
  const revocation = revokedAt ? `${timeText(revokedAt)}${word && opensslReasons.has(word) ? `,${word}` : ''}` : '';
  return `${[revokedAt ? 'R' : 'V', timeText(notAfter), revocation, serialNumber.toUpperCase(), 'unknown', subject].join('\t')}\n`;
}

/** UTCTime up to 2049, GeneralizedTime from 2050, as in the certificates. */
function timeText(date: Date): string {
  const digits = `${date.toISOString().replace(/\.\d+|[-:T]|Z/g, '')}Z`;
  return date.getUTCFullYear() < 2050 ? digits.slice(2) : digits;
}
