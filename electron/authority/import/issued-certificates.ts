import { X509Certificate } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ConsoleError } from '../../../shared/model/errors.ts';
import { type InspectedCertificate, inspectCertificate } from '../inspect.ts';
import { readCertificateStructure } from '../structure.ts';
import { type IndexEntry, isEndOf } from './index-file.ts';
import { isSubjectOf } from './indexed-subject.ts';
import { readImportedKey } from './private-key.ts';
import { whyNotRevocable } from './serial-number.ts';

/** `name` says which file it is, for people. */
export type IssuedFile = {
  readonly name: string;
  readonly certificatePem: string;
  readonly keyPem?: string | undefined;
};

export type ImportedCertificate = {
  readonly certificate: InspectedCertificate;
  /** Whether it may issue itself. */
  readonly isAuthority: boolean;
  /** extendedKeyUsage, as dotted identifiers. */
  readonly usages: readonly string[];
  /** PKCS#8, where the key was given. */
  readonly privateKeyPem: string | undefined;
};

const namedProblems = 50;

/**
 * Certificates that this authority has issued, held against its register. Each costs a signature check, so the event
 * loop gets a turn between any two. Throws `authority/import-mismatch`, naming every file that does not fit.
 */
export async function readIssuedCertificates(
  files: readonly IssuedFile[],
  authority: X509Certificate,
  { subjectDer }: InspectedCertificate,
  register: ReadonlyMap<string, IndexEntry>,
): Promise<ImportedCertificate[]> {
  const fileOf = new Map<string, string>();
  const issued: ImportedCertificate[] = [];
  const problems: ConsoleError[] = [];
  for (const file of files) {
    try {
      const one = readIssued(file, authority);
      const { serialNumber } = one.certificate;
      const first = fileOf.get(serialNumber);
      if (first !== undefined) throw mismatch(file, `it has the serial number of ${first}`);
      compare(file, one.certificate, register.get(serialNumber));
      fileOf.set(serialNumber, file.name);
      // An authority's own certificate lies among its own in some layouts.
      if (!one.certificate.subjectDer.equals(subjectDer)) issued.push(one);
    } catch (error) {
      if (!(error instanceof ConsoleError)) throw error;
      problems.push(error.code === 'authority/import-mismatch' ? error : mismatch(file, 'it cannot be read'));
    }
    await setImmediate();
  }
  if (problems.length > 0) throw allOf(problems);
  return issued;
}

/** The first, with all the others beside it. */
function allOf(problems: readonly ConsoleError[]): ConsoleError {
  const [first, ...others] = problems;
  return new ConsoleError('authority/import-mismatch', {
    because: `${first?.because}${others.length > 0 ? `, and ${others.length} more` : ''}`,
    details: first?.details ?? {},
    fields: problems.slice(0, namedProblems).map(({ because = '', details }) => ({
      field: String(details.file),
      message: because,
    })),
  });
}

function readIssued(file: IssuedFile, authority: X509Certificate): ImportedCertificate {
  const certificate = inspectCertificate(file.certificatePem);
  const parsed = new X509Certificate(file.certificatePem);
  if (!parsed.verify(authority.publicKey)) throw mismatch(file, 'this authority has not issued it');
  if (!parsed.checkIssued(authority)) {
    throw mismatch(
      file,
      'it names another issuer than the certificate of this authority, and a broker would refuse it',
    );
  }
  const problem = whyNotRevocable(readCertificateStructure(parsed.raw).serialNumber);
  if (problem) throw mismatch(file, problem);
  const facts = { certificate, isAuthority: parsed.ca, usages: parsed.keyUsage ?? [] };
  if (file.keyPem === undefined) return { ...facts, privateKeyPem: undefined };
  const key = readImportedKey(file.keyPem);
  if (!parsed.checkPrivateKey(key)) throw mismatch(file, 'its key belongs to another certificate');
  return { ...facts, privateKeyPem: String(key.export({ type: 'pkcs8', format: 'pem' })) };
}

/** Scripts that issue by `openssl x509` put into the register only what they revoke, so not every certificate is there. */
function compare(file: IssuedFile, certificate: InspectedCertificate, entry: IndexEntry | undefined): void {
  if (!entry) return;
  const { notAfter, subject, subjectDer } = certificate;
  if (!isEndOf(entry, notAfter)) {
    throw mismatch(
      file,
      `line ${entry.line} of index.txt ends its validity at ${entry.notAfter.toISOString()}, the certificate at ${notAfter.toISOString()}`,
    );
  }
  if (!isSubjectOf(entry.subject, subjectDer)) {
    throw mismatch(
      file,
      `line ${entry.line} of index.txt says that it is ${entry.subject}’s, the certificate is ${subject}’s`,
    );
  }
}

const mismatch = ({ name }: IssuedFile, because: string): ConsoleError =>
  new ConsoleError('authority/import-mismatch', { because: `${name}: ${because}`, details: { file: name } });
