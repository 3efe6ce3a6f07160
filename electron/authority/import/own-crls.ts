// The CRLs of an authority that is adopted. Which of several was in force last is in none of them: whoever signs one may
// backdate it, and two places that sign count independently. So what any of them revokes is revoked, and the greatest
// number and the latest date are those to go on from.

import type { RevocationReason } from '../../../shared/model/certificate.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { LintFinding } from '../../../shared/model/lint.ts';
import { inSlices } from '../../platform/slices.ts';
import { tag } from '../der.ts';
import { readBigInteger, readElement, readIntegerHex, readOctets, readTime } from '../der-reader.ts';
import { extensionId } from '../extensions.ts';
import { lintCrlFrame } from '../lint/crl.ts';
import { fromLongPem } from '../pem.ts';
import { type CrlEntry, type CrlFrame, type Extension, eachCrlEntry, readCrlFrame } from '../structure.ts';
import type { NamedText } from './material.ts';
import { type ImportedRevocation, withGapsFilled } from './revocations.ts';
import { whyNotRevocable } from './serial-number.ts';

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

type OwnCrl = {
  readonly number: bigint;
  readonly thisUpdate: Date;
  readonly revocations: readonly ImportedRevocation[];
  readonly findings: readonly LintFinding[];
};

export type OwnCrls = {
  /** 0 where none has a number. */
  readonly lastNumber: bigint;
  /** Undefined without a CRL. */
  readonly lastThisUpdate: Date | undefined;
  /** By serial number, by whichever of them. */
  readonly revocations: ReadonlyMap<string, ImportedRevocation>;
  /** What the checklist says of the one that was signed last, by its number. */
  readonly findings: readonly LintFinding[];
};

/** Throws `authority/import-mismatch` for the CRL of another authority, and for a delta CRL: it says only what has changed. */
export async function readOwnCrls(files: readonly NamedText[], authorityPem: string): Promise<OwnCrls> {
  const crls: OwnCrl[] = [];
  for (const file of files) crls.push(await readOwnCrl(file, authorityPem));
  const lastFirst = crls.toSorted(
    (a, b) => Number(b.number - a.number) || b.thisUpdate.getTime() - a.thisUpdate.getTime(),
  );
  const [last] = lastFirst;
  return {
    lastNumber: last?.number ?? 0n,
    lastThisUpdate: crls
      .map(({ thisUpdate }) => thisUpdate)
      .toSorted((a, b) => a.getTime() - b.getTime())
      .at(-1),
    revocations: await inSlices(unite(lastFirst)),
    findings: last?.findings ?? [],
  };
}

async function readOwnCrl({ name, text }: NamedText, authorityPem: string): Promise<OwnCrl> {
  const crl = readCrlFrame(await fromLongPem('X509 CRL', text));
  const findings = await lintCrlFrame(crl, authorityPem);
  const strange = findings.find(({ rule }) => rule === 'crl-signature' || rule === 'crl-issuer');
  if (strange) throw mismatch(name, `the CRL is of another authority: ${strange.problem}`);
  if (extensionValue(crl, extensionId.deltaCrlIndicator)) {
    throw mismatch(name, 'a delta CRL says only what has changed; give the whole one');
  }
  const numberDer = extensionValue(crl, extensionId.crlNumber);
  const number = numberDer ? readBigInteger(readElement(numberDer)) : 0n;
  return {
    number,
    thisUpdate: readTime(crl.thisUpdate),
    findings,
    revocations: await inSlices(readRevocations(name, crl)),
  };
}

function* readRevocations(name: string, { entries }: CrlFrame): Generator<undefined, ImportedRevocation[], undefined> {
  const revocations: ImportedRevocation[] = [];
  for (const entry of eachCrlEntry(entries)) {
    const problem = whyNotRevocable(entry.serialNumber);
    if (problem) throw mismatch(name, `${problem}: ${readIntegerHex(entry.serialNumber)}`);
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

function* unite(
  lastFirst: readonly OwnCrl[],
): Generator<undefined, ReadonlyMap<string, ImportedRevocation>, undefined> {
  const revoked = new Map<string, ImportedRevocation>();
  for (const { revocations } of lastFirst) {
    for (const revocation of revocations) {
      const known = revoked.get(revocation.serialNumber);
      revoked.set(revocation.serialNumber, known ? withGapsFilled(known, revocation) : revocation);
      yield;
    }
  }
  return revoked;
}

const extensionValue = ({ extensions }: { readonly extensions: readonly Extension[] }, id: string) =>
  extensions.find(({ oid }) => oid === id)?.value;

const mismatch = (name: string, because: string) =>
  new ConsoleError('authority/import-mismatch', { because: `${name}: ${because}`, details: { file: name } });
