// `index.txt`, the register that `openssl ca` keeps (apps/lib/apps.c, CA_DB): one line a certificate, six fields
// between tabs: state, end, revocation with its reason, serial number, file name, subject.
// Read as strictly as a register deserves: a line that is not understood stops the import, and is named.

import { type RevocationReason, revocationReasons } from '../../../shared/model/certificate.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { inSlices } from '../../platform/slices.ts';
import { isTooLong } from './serial-number.ts';

export type IndexEntry = {
  /** From 1. */
  readonly line: number;
  readonly state: 'valid' | 'revoked' | 'expired';
  readonly notAfter: Date;
  /** As it is written. */
  readonly end: string;
  readonly revokedAt: Date | undefined;
  readonly reason: RevocationReason | undefined;
  readonly invalidityDate: Date | undefined;
  /** Lower-case hex, without leading zero octets. */
  readonly serialNumber: string;
  /** As openssl writes it, such as `/C=CZ/CN=…`; it may be `unknown`. */
  readonly subject: string;
};

const states = { V: 'valid', R: 'revoked', E: 'expired' } as const;

const reasonsByName: ReadonlyMap<string, RevocationReason> = new Map([
  ...revocationReasons.map((reason): [string, RevocationReason] => [reason.toLowerCase(), reason]),
  // Words of openssl's that are no reasons of RFC 5280: what counts is that it stays revoked.
  ['removefromcrl', 'unspecified'],
  ['holdinstruction', 'unspecified'],
  ['keytime', 'keyCompromise'],
  ['cakeytime', 'cACompromise'],
]);

/**
 * Every entry of an `index.txt`. Throws `authority/index-invalid` naming the first line that is not one, or that says
 * the same serial number again.
 */
export const readIndexFile = (text: string): Promise<IndexEntry[]> => inSlices(readLines(text));

function* readLines(text: string): Generator<undefined, IndexEntry[], undefined> {
  const entries: IndexEntry[] = [];
  const lineOf = new Map<string, number>();
  let line = 0;
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed === -1 ? text.length : feed;
    const content = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
    start = end + 1;
    line += 1;
    yield;
    if (content === '' || content.startsWith('#')) continue;
    const entry = readEntry(content, line);
    const first = lineOf.get(entry.serialNumber);
    if (first !== undefined) throw invalid(entry.line, `the serial number of line ${first} once more`);
    lineOf.set(entry.serialNumber, entry.line);
    entries.push(entry);
  }
  return entries;
}

function readEntry(content: string, line: number): IndexEntry {
  const fields = content.split('\t');
  const [flag = '', end = '', revocation = '', serial = '', , subject] = fields;
  if (fields.length !== 6 || subject === undefined) throw invalid(line, 'it does not have six fields between tabs');
  if (flag !== 'V' && flag !== 'R' && flag !== 'E') throw invalid(line, 'its state is not V, R or E');
  if (serial.startsWith('-'))
    throw invalid(line, 'its serial number is negative, and a revocation of it would not hold');
  if (!/^([0-9A-Fa-f]{2})+$/.test(serial)) throw invalid(line, 'its serial number is no hex');
  if (isTooLong(serial)) throw invalid(line, 'its serial number has more than 20 octets');
  const state = states[flag];
  if ((state === 'revoked') !== (revocation !== '')) {
    throw invalid(
      line,
      state === 'revoked' ? 'it is revoked without a date' : 'it has a revocation, and is not revoked',
    );
  }
  const [revokedAt = '', reason, more] = revocation.split(',');
  return {
    line,
    state,
    notAfter: readTime(end, line, centuryOfEnd),
    end,
    revokedAt: state === 'revoked' ? readTime(revokedAt, line) : undefined,
    reason: state === 'revoked' ? readReason(reason, line) : undefined,
    invalidityDate: isKeyTime(reason) && more !== undefined ? readTime(more, line) : undefined,
    serialNumber: plainSerial(serial),
    subject,
  };
}

/** These are followed by the date since which the key is lost. */
const isKeyTime = (reason: string | undefined): boolean => /^(ca)?keytime$/i.test(reason ?? '');

/** Without leading zero octets, as everything here writes a serial number. */
export const plainSerial = (hex: string): string => hex.toLowerCase().replace(/^(00)+(?=..)/, '');

function readReason(name: string | undefined, line: number): RevocationReason {
  if (name === undefined) return 'unspecified';
  const reason = reasonsByName.get(name.toLowerCase());
  if (!reason) throw invalid(line, 'its reason is none that openssl writes');
  return reason;
}

/** The century of two digits: that of UTCTime (RFC 5280, 4.1.2.5.1). */
const centuryOf = (year: number): string => (year < 50 ? '20' : '19');

/** XCA (2.4) writes ends from 2050 on with two digits too, and no certificate that is still in a register ended by 1970. */
const centuryOfEnd = (year: number): string => (year < 70 ? '20' : '19');

/** Whether a line means this end. Of two digits, the certificate knows the century. */
export function isEndOf({ end }: Pick<IndexEntry, 'end'>, notAfter: Date): boolean {
  const written = `${notAfter.toISOString().replace(/\.\d+Z|[-:T]/g, '')}Z`;
  return end === written || end === written.slice(2);
}

/** `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`. */
function readTime(text: string, line: number, century = centuryOf): Date {
  const full = /^\d{12}Z$/.test(text) ? `${century(Number(text.slice(0, 2)))}${text}` : text;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full);
  const date = parts && new Date(`${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}:${parts[5]}:${parts[6]}Z`);
  if (!date || Number.isNaN(date.getTime())) throw invalid(line, 'a date that is none');
  return date;
}

const invalid = (line: number, because: string): ConsoleError =>
  new ConsoleError('authority/index-invalid', { because: `line ${line}: ${because}`, details: { line } });
