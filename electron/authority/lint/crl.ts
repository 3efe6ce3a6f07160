// The checklist for a CRL. Broken ones are not an academic matter: a broker with a CRL that it cannot use lets
// everybody in, or nobody.

import type { LintFinding } from '../../../shared/model/lint.ts';
import { inSlices } from '../../platform/slices.ts';
import { tag } from '../der.ts';
import { readElement, readIntegerHex, readOctets, readTime } from '../der-reader.ts';
import { extensionId } from '../extensions.ts';
import { fromLongPem, fromPem } from '../pem.ts';
import { type CrlEntry, type CrlFrame, eachCrlEntry, readCertificateStructure, readCrlFrame } from '../structure.ts';
import {
  extensionOf,
  judgeAlgorithm,
  judgeAuthorityKeyIdentifier,
  judgeCriticalOnes,
  judgeDuplicates,
  judgeLongSignature,
  judgeSerialNumber,
  judgeTime,
} from './common.ts';
import { judgeAll, type Rule, unreadable } from './finding.ts';

type Subject = {
  readonly crl: CrlFrame;
  readonly issuerDer: Buffer | undefined;
  /** What is wrong with the signature and with the entries: found before, since that takes a while. */
  readonly signatureProblem: string | undefined;
  readonly entriesProblem: string | undefined;
};

/** RFC 5280, 5.3.1: 7 is not used, 0 is left out, 8 belongs to delta CRLs. */
const usualReasons = [1, 2, 3, 4, 5, 6, 9, 10];

const frameRules: readonly Rule<Subject>[] = [
  {
    rule: 'crl-version',
    source: 'RFC 5280, 5.1.2.1',
    severity: 'error',
    judge: ({ crl }) => (crl.version === 2 ? undefined : `it is version ${crl.version}, not 2`),
  },
  {
    rule: 'crl-signature-algorithm',
    source: 'RFC 5280, 5.1.1.2',
    severity: 'error',
    judge: ({ crl }) => judgeAlgorithm(crl),
  },
  {
    rule: 'crl-signature',
    source: 'RFC 5280, 6.3.3',
    severity: 'error',
    judge: ({ signatureProblem }) => signatureProblem,
  },
  {
    rule: 'crl-issuer',
    source: 'RFC 5280, 5.1.2.3',
    severity: 'error',
    judge: ({ crl, issuerDer }) =>
      issuerDer && !readCertificateStructure(issuerDer).subject.der.equals(crl.issuer.der)
        ? "its issuer is not the authority's name, byte for byte"
        : undefined,
  },
  {
    rule: 'crl-this-update',
    source: 'RFC 5280, 5.1.2.4',
    severity: 'error',
    judge: ({ crl }) => judgeTime(crl.thisUpdate),
  },
  {
    rule: 'crl-next-update',
    source: 'RFC 5280, 5.1.2.5',
    severity: 'error',
    judge: ({ crl: { thisUpdate, nextUpdate } }) => {
      if (!nextUpdate) return 'it names no next update';
      if (readTime(nextUpdate) <= readTime(thisUpdate)) return 'the next update does not come after this one';
      return judgeTime(nextUpdate);
    },
  },
  {
    rule: 'crl-empty-list',
    source: 'RFC 5280, 5.1.2.6',
    severity: 'error',
    judge: ({ crl }) =>
      crl.entries?.content.length === 0 ? 'the list of the revoked is empty instead of absent' : undefined,
  },
  {
    rule: 'crl-authority-key-identifier',
    source: 'RFC 5280, 5.2.1',
    severity: 'error',
    judge: ({ crl }) => judgeAuthorityKeyIdentifier(extensionOf(crl.extensions, extensionId.authorityKeyIdentifier)),
  },
  {
    rule: 'crl-number',
    source: 'RFC 5280, 5.2.3',
    severity: 'error',
    judge: ({ crl }) => {
      const number = extensionOf(crl.extensions, extensionId.crlNumber);
      if (!number) return 'it has no number';
      if (number.isCritical) return 'its number is critical';
      const octets = readOctets(readElement(number.value), tag.integer);
      if ((octets[0] ?? 0) >= 0x80) return 'its number is negative';
      return octets.length > 20 ? 'its number has more than 20 octets' : undefined;
    },
  },
  {
    rule: 'crl-extensions',
    source: 'RFC 5280, 5.2',
    severity: 'error',
    judge: ({ crl: { extensions } }) => judgeDuplicates(extensions) ?? judgeCriticalOnes(extensions, []),
  },
];

const entriesRule: Rule<Subject> = {
  rule: 'crl-entries',
  source: 'RFC 5280, 5.1.2.6 and 5.3',
  severity: 'error',
  judge: ({ entriesProblem }) => entriesProblem,
};

/** Rules that cost no more than one look at each entry: a CRL grows as long as its authority lives. */
function* firstProblem(entries: Iterable<CrlEntry>): Generator<undefined, string | undefined, undefined> {
  const seen = new Set<string>();
  for (const { serialNumber, revokedAt, extensions } of entries) {
    const serial = readIntegerHex(serialNumber);
    const problem = judgeSerialNumber(serialNumber) ?? judgeTime(revokedAt) ?? judgeEntryExtensions(extensions);
    if (problem) return `serial number ${serial}: ${problem}`;
    if (seen.has(serial)) return `serial number ${serial} stands there twice`;
    seen.add(serial);
    yield;
  }
  return undefined;
}

function judgeEntryExtensions(extensions: CrlEntry['extensions']): string | undefined {
  const unknown = judgeDuplicates(extensions) ?? judgeCriticalOnes(extensions, []);
  if (unknown) return unknown;
  const since = extensionOf(extensions, extensionId.invalidityDate);
  if (since && readElement(since.value).tag !== tag.generalizedTime) return 'an invalidity date in the other form';
  const reason = extensionOf(extensions, extensionId.reasonCode);
  if (!reason) return undefined;
  const [code] = readOctets(readElement(reason.value), tag.enumerated);
  if (code === 0) return 'the reason "unspecified" is written out instead of left out';
  return code !== undefined && usualReasons.includes(code) ? undefined : `the reason ${code} is none`;
}

/**
 * Holds a PEM CRL against RFC 5280; with the authority's certificate its signature and name too.
 * Throws `authority/invalid-material` for what is no CRL at all.
 */
export async function lintCrl(
  pem: string,
  { issuerPem }: { readonly issuerPem?: string } = {},
): Promise<LintFinding[]> {
  const crl = readCrlFrame(await fromLongPem('X509 CRL', pem));
  const subject = await frameSubject(crl, issuerPem);
  const entriesProblem = await inSlices(firstProblem(eachCrlEntry(crl.entries))).catch(() => unreadable);
  return judgeAll([...frameRules, entriesRule], { ...subject, entriesProblem });
}

/** The same without a look at the entries, however many there are. */
export const lintCrlFrame = async (crl: CrlFrame, issuerPem: string): Promise<LintFinding[]> =>
  judgeAll(frameRules, await frameSubject(crl, issuerPem));

async function frameSubject(crl: CrlFrame, issuerPem: string | undefined): Promise<Subject> {
  const issuerDer = issuerPem === undefined ? undefined : fromPem('CERTIFICATE', issuerPem);
  const signatureProblem = issuerDer && (await judgeLongSignature(crl, issuerDer));
  return { crl, issuerDer, signatureProblem, entriesProblem: undefined };
}
