// An authority as the openssl scripts leave it, taken over whole: its key and certificate, its register and its CRL.
// Everything must fit together before anything is stored. What it has issued stays valid, what it has revoked stays
// revoked, and neither a serial number nor a CRL number is used twice.

import { X509Certificate } from 'node:crypto';
import { type HeldAuthorityKeyAlgorithm, heldAuthorityKeyAlgorithmSchema } from '../../../shared/model/certificate.ts';
import { ConsoleError } from '../../../shared/model/errors.ts';
import type { LintFinding } from '../../../shared/model/lint.ts';
import { inSlices } from '../../platform/slices.ts';
import { type InspectedCertificate, inspectCertificate } from '../inspect.ts';
import { lintCertificate } from '../lint/certificate.ts';
import { type IndexEntry, readIndexFile } from './index-file.ts';
import { type ImportedCertificate, type IssuedFile, readIssuedCertificates } from './issued-certificates.ts';
import type { NamedText } from './material.ts';
import { readOwnCrls } from './own-crls.ts';
import { readImportedKey } from './private-key.ts';
import { type ImportedRevocation, joinRevocations } from './revocations.ts';

/** Texts, not paths. What is left out is not there. */
export type OpensslFiles = {
  readonly keyPem: string;
  readonly passphrase?: string | undefined;
  readonly certificatePem: string;
  /** All of them count: which one was in force is not known. */
  readonly crls?: readonly NamedText[] | undefined;
  /** `index.txt`. */
  readonly index?: string | undefined;
  /** `crlnumber`: hex, the number of the next CRL. */
  readonly crlNumber?: string | undefined;
  readonly issued?: readonly IssuedFile[] | undefined;
};

export type ImportedAuthority = {
  readonly certificate: InspectedCertificate;
  readonly keyAlgorithm: HeldAuthorityKeyAlgorithm;
  /** PKCS#8, unencrypted: seal it at once. */
  readonly privateKeyPem: string;
  /** Every CRL from here on has a greater number. */
  readonly lastCrlNumber: bigint;
  /** None from here on says that it is older than this; undefined without a CRL. */
  readonly lastThisUpdate: Date | undefined;
  readonly issued: readonly ImportedCertificate[];
  /** By serial number. */
  readonly revocations: ReadonlyMap<string, ImportedRevocation>;
  /** Issued by the register's word, though the certificate itself was not given. */
  readonly unseen: readonly IndexEntry[];
  /** What the checklist says of the authority and its CRL. */
  readonly findings: readonly LintFinding[];
};

/**
 * Throws `authority/key-locked`, `authority/weak-key`, `authority/unsupported-key`, `authority/index-invalid`, `authority/invalid-material` for what
 * cannot be read or used, and `authority/import-mismatch` for what does not fit together: its `because` says what.
 */
export async function readOpensslAuthority(files: OpensslFiles): Promise<ImportedAuthority> {
  const key = readImportedKey(files.keyPem, files.passphrase);
  const certificate = inspectCertificate(files.certificatePem);
  const parsed = new X509Certificate(files.certificatePem);
  if (!parsed.checkPrivateKey(key)) throw mismatch('the key belongs to another certificate than the authority’s');
  if (!parsed.ca) throw mismatch('the certificate is not that of an authority');
  const { data: keyAlgorithm } = heldAuthorityKeyAlgorithmSchema.safeParse(certificate.keyAlgorithm);
  if (!keyAlgorithm) {
    const { asymmetricKeyType = '', asymmetricKeyDetails: details } = key;
    const because = [asymmetricKeyType, details?.modulusLength ?? details?.namedCurve ?? []].flat().join(' ');
    const isShort = asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) < 2048;
    throw new ConsoleError(isShort ? 'authority/weak-key' : 'authority/unsupported-key', { because });
  }
  const index = await readIndexFile(files.index ?? '');
  const crls = await readOwnCrls(files.crls ?? [], files.certificatePem);
  const lastCrlNumber = lastNumberOf(crls.lastNumber, files.crlNumber);
  const register = await inSlices(bySerialNumber(index));
  const issued = await readIssuedCertificates(files.issued ?? [], parsed, certificate, register);
  for (const { certificate: given } of issued) register.delete(given.serialNumber);
  register.delete(certificate.serialNumber);
  return {
    certificate,
    keyAlgorithm,
    privateKeyPem: String(key.export({ type: 'pkcs8', format: 'pem' })),
    lastCrlNumber,
    lastThisUpdate: crls.lastThisUpdate,
    issued,
    revocations: await inSlices(joinRevocations(index, crls.revocations)),
    unseen: [...register.values()],
    findings: [...lintCertificate(files.certificatePem, { kind: 'authority' }), ...crls.findings],
  };
}

function* bySerialNumber(index: readonly IndexEntry[]): Generator<undefined, Map<string, IndexEntry>, undefined> {
  const register = new Map<string, IndexEntry>();
  for (const entry of index) {
    register.set(entry.serialNumber, entry);
    yield;
  }
  return register;
}

/** RFC 5280, 5.2.3: 20 octets, one bit of which is the sign. */
const greatestCrlNumber = 2n ** 159n - 1n;

/** `next` is what the file `crlnumber` holds. */
function lastNumberOf(ofCrls: bigint, next = '01'): bigint {
  const digits = next.trim();
  const number = /^[0-9A-Fa-f]{1,40}$/.test(digits) ? BigInt(`0x${digits}`) : 0n;
  if (number < 1n) throw mismatch('crlnumber does not hold a hexadecimal number');
  const last = ofCrls >= number ? ofCrls : number - 1n;
  if (last >= greatestCrlNumber) throw mismatch('there is no number for another CRL: the last one has the greatest');
  return last;
}

const mismatch = (because: string): ConsoleError => new ConsoleError('authority/import-mismatch', { because });
