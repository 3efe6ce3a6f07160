// The checklist for a certificate: what RFC 5280 asks of every one, and what this profile asks of its kind.

import { createPublicKey } from 'node:crypto';
import type { LintFinding } from '../../../shared/model/lint.ts';
import { readTime } from '../der-reader.ts';
import { extensionId, keyIdentifierOf } from '../extensions.ts';
import { spellsCurveOut } from '../keys.ts';
import { fromPem } from '../pem.ts';
import { readCertificateStructure } from '../structure.ts';
import { endOfTime } from '../validity.ts';
import { authorityRules, clientRules, leafRules, serverRules } from './certificate-kinds.ts';
import { type CertificateSubject, keyIdentifierIn } from './certificate-subject.ts';
import {
  extensionOf,
  judgeAlgorithm,
  judgeAuthorityKeyIdentifier,
  judgeCriticalOnes,
  judgeDuplicates,
  judgeSerialNumber,
  judgeSignature,
  judgeTime,
} from './common.ts';
import { judgeAll, type Rule } from './finding.ts';

/** What a certificate is held against: that of a root, a broker (server), a plant or console (client), or a signed document. */
export type LintedKind = CertificateSubject['kind'];

const criticalOnes = [
  extensionId.keyUsage,
  extensionId.basicConstraints,
  extensionId.subjectAltName,
  extensionId.extendedKeyUsage,
];

const commonRules: readonly Rule<CertificateSubject>[] = [
  {
    rule: 'version',
    source: 'RFC 5280, 4.1.2.1',
    severity: 'error',
    judge: ({ certificate: { version } }) => (version === 3 ? undefined : `it is version ${version}, not 3`),
  },
  {
    rule: 'serial-number',
    source: 'RFC 5280, 4.1.2.2',
    severity: 'error',
    judge: ({ certificate }) => judgeSerialNumber(certificate.serialNumber),
  },
  {
    rule: 'serial-number-entropy',
    source: 'CA/Browser Forum Baseline Requirements, 7.1',
    severity: 'warning',
    judge: ({ certificate }) =>
      certificate.serialNumber.content.length < 8 ? 'it is too short for 64 random bits: it can be guessed' : undefined,
  },
  {
    rule: 'signature-algorithm',
    source: 'RFC 5280, 4.1.1.2',
    severity: 'error',
    judge: ({ certificate }) => judgeAlgorithm(certificate),
  },
  {
    rule: 'signature',
    source: 'RFC 5280, 6.1.3',
    severity: 'error',
    judge: ({ certificate, issuerDer }) => issuerDer && judgeSignature(certificate, issuerDer),
  },
  {
    rule: 'issuer',
    source: 'RFC 5280, 4.1.2.4',
    severity: 'error',
    judge: ({ certificate: { issuer }, issuerDer }) => {
      if (issuer.content.length === 0) return 'it names no issuer';
      return issuerDer && !readCertificateStructure(issuerDer).subject.der.equals(issuer.der)
        ? "its issuer is not the authority's name, byte for byte"
        : undefined;
    },
  },
  {
    rule: 'validity',
    source: 'RFC 5280, 4.1.2.5',
    severity: 'error',
    judge: ({ certificate: { notBefore, notAfter } }) =>
      judgeTime(notBefore) ??
      judgeTime(notAfter) ??
      (readTime(notAfter) <= readTime(notBefore) ? 'it ends before it begins' : undefined),
  },
  {
    rule: 'validity-within-issuer',
    source: 'RFC 5280, 6.1.3',
    severity: 'warning',
    judge: ({ certificate: { notAfter }, issuerDer }) =>
      issuerDer &&
      readTime(notAfter) > readTime(readCertificateStructure(issuerDer).notAfter) &&
      // It says that no end is known, not that it lives for so long.
      readTime(notAfter).getTime() !== endOfTime
        ? 'it outlives its authority'
        : undefined,
  },
  {
    rule: 'public-key',
    source: 'NIST SP 800-57 part 1, table 4',
    severity: 'error',
    judge: ({ certificate: { publicKey } }) => judgeKey(publicKey.der),
  },
  {
    rule: 'extensions',
    source: 'RFC 5280, 4.2',
    severity: 'error',
    judge: ({ certificate: { extensions } }) =>
      judgeDuplicates(extensions) ?? judgeCriticalOnes(extensions, criticalOnes),
  },
  {
    rule: 'subject-key-identifier',
    source: 'RFC 5280, 4.2.1.2',
    severity: 'error',
    judge: ({ certificate: { extensions }, kind }) => {
      const extension = extensionOf(extensions, extensionId.subjectKeyIdentifier);
      if (extension?.isCritical) return 'it is critical';
      return extension || kind !== 'authority' ? undefined : 'it is missing';
    },
  },
  {
    rule: 'authority-key-identifier',
    source: 'RFC 5280, 4.2.1.1',
    severity: 'warning',
    judge: ({ certificate: { extensions, issuer, subject }, issuerDer }) => {
      const extension = extensionOf(extensions, extensionId.authorityKeyIdentifier);
      // A root may leave it out.
      if (!extension && issuer.der.equals(subject.der)) return undefined;
      const problem = judgeAuthorityKeyIdentifier(extension);
      if (problem || !issuerDer || !extension) return problem;
      const issuerCertificate = readCertificateStructure(issuerDer);
      const ownIdentifier = extensionOf(issuerCertificate.extensions, extensionId.subjectKeyIdentifier);
      const wanted = ownIdentifier ? keyIdentifierIn(ownIdentifier) : keyIdentifierOf(issuerCertificate.publicKey.der);
      return extension.value.includes(wanted) ? undefined : "it is not the authority's key identifier";
    },
  },
];

function judgeKey(publicKeyDer: Buffer): string | undefined {
  if (spellsCurveOut(publicKeyDer))
    return 'its curve is spelled out and not named (RFC 5480, 2.1.1): OpenSSL refuses it';
  const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({
    key: publicKeyDer,
    format: 'der',
    type: 'spki',
  });
  switch (asymmetricKeyType) {
    case 'rsa': {
      const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
      if (modulusLength < 2048) return `an RSA key of ${modulusLength} bits; it needs 2048`;
      return publicExponent < 65537n ? `an RSA exponent of ${publicExponent}` : undefined;
    }
    case 'ec': {
      const curve = asymmetricKeyDetails?.namedCurve;
      return curve && ['prime256v1', 'secp384r1', 'secp521r1'].includes(curve)
        ? undefined
        : `the curve ${curve} is not one that TLS stacks have`;
    }
    case 'ed25519':
      return undefined;
    default:
      return `a key of kind ${asymmetricKeyType}`;
  }
}

const rulesOf: Readonly<Record<LintedKind, readonly Rule<CertificateSubject>[]>> = {
  authority: [...commonRules, ...authorityRules],
  server: [...commonRules, ...leafRules, ...serverRules],
  client: [...commonRules, ...leafRules, ...clientRules],
  document: [...commonRules, ...leafRules],
};

/**
 * Holds a PEM certificate against RFC 5280 and this console's profile of its kind; with the certificate of its issuer
 * also its signature, names and dates. Throws `authority/invalid-material` for what is no certificate at all.
 */
export function lintCertificate(
  pem: string,
  { kind, issuerPem }: { readonly kind: LintedKind; readonly issuerPem?: string },
): LintFinding[] {
  const certificate = readCertificateStructure(fromPem('CERTIFICATE', pem));
  const issuerDer = issuerPem === undefined ? undefined : fromPem('CERTIFICATE', issuerPem);
  return judgeAll(rulesOf[kind], { certificate, kind, issuerDer });
}
