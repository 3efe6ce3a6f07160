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
  readonly invalidityDate: Date | undefined;
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

/** Reasons that openssl lets a date follow: since when the key is lost. Beside any other, only a CRL can say it. */
const datedReasons: ReadonlyMap<string, string> = new Map([
  ['keyCompromise', 'keyTime'],
  ['CACompromise', 'CAkeyTime'],
]);

/** One line, ended by a line feed. */
export function indexLine({
  serialNumber,
  subject,
  notAfter,
  revokedAt,
  reason,
  invalidityDate,
}: IndexedCertificate): string {
  const revocation = revokedAt ? `${timeText(revokedAt)}${reasonText(reason, invalidityDate)}` : '';
  return `${[revokedAt ? 'R' : 'V', timeText(notAfter), revocation, serialNumber.toUpperCase(), 'unknown', subject].join('\t')}\n`;
}

function reasonText(reason: RevocationReason | undefined, since: Date | undefined): string {
  const word = reason === 'cACompromise' ? 'CACompromise' : reason;
  if (!word || !opensslReasons.has(word)) return '';
  const dated = datedReasons.get(word);
  return since && dated ? `,${dated},${digitsOf(since)}` : `,${word}`;
}

const digitsOf = (date: Date): string => `${date.toISOString().replace(/\.\d+|[-:T]|Z/g, '')}Z`;

/** UTCTime up to 2049, GeneralizedTime from 2050, as in the certificates. */
const timeText = (date: Date): string => (date.getUTCFullYear() < 2050 ? digitsOf(date).slice(2) : digitsOf(date));
