// Every certificate and CRL of the vault held against the checklist, whoever made it.

import { setImmediate } from 'node:timers/promises';
import type { CertificateKind } from '../../shared/model/certificate.ts';
import type { CertificateDetail, RegisterCheck } from '../../shared/model/certificate-check.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { LintFinding } from '../../shared/model/lint.ts';
import { type LintedKind, lintCertificate } from '../authority/lint/certificate.ts';
import { lintCrl } from '../authority/lint/crl.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import { readAuthority, viewCertificate } from './authority.ts';
import type { OperationContext } from './context.ts';
import { withCrls } from './crl-bodies.ts';

const shownFaults = 200;
/** A look at a certificate takes about a millisecond: its signature is verified. */
const certificatesAtOnce = 20;

type Fault = RegisterCheck['faults'][number];

/** Throws `authority/certificate-not-found`. */
export function viewCertificateDetail(context: OperationContext, serialNumber: string): CertificateDetail {
  const row = context.vault.certificates.get(serialNumber);
  const issuer = row && context.vault.authorities.get(row.authorityId);
  if (!row || !issuer) throw new ConsoleError('authority/certificate-not-found', { details: { serialNumber } });
  return {
    certificate: viewCertificate(row),
    issuer: issuer.subject,
    certificatePem: row.certificatePem,
    findings: lintLeaf(row, issuer),
    revocationIsOpen: context.vault.openCertificateRevocations.get(serialNumber) !== undefined,
  };
}

const lintLeaf = ({ kind, certificatePem }: CertificateRow, issuer: AuthorityRow) =>
  lintCertificate(certificatePem, { kind: lintedAs(kind), issuerPem: issuer.certificatePem });

function lintedAs(kind: CertificateKind): LintedKind {
  switch (kind) {
    case 'device':
    case 'probe':
    case 'console':
      return 'client';
    case 'broker':
      return 'server';
    case 'document':
      return 'document';
  }
}

/** Throws `authority/not-found`. */
export async function checkRegister(context: OperationContext): Promise<RegisterCheck> {
  readAuthority(context);
  const authorities = context.vault.authorities.list();
  let checked = 0;
  const faults: Fault[] = [];
  const note = (fault: Fault) => {
    checked++;
    if (fault.findings.length > 0) faults.push(fault);
  };
  for (const authority of authorities) {
    for (const fault of await checkAuthority(context, authority)) note(fault);
    await setImmediate();
  }
  const issuers = new Map(authorities.map((row) => [row.authorityId, row]));
  for await (const row of everyCertificate(context)) {
    const issuer = issuers.get(row.authorityId);
    const { subject, serialNumber } = row;
    if (issuer) note({ kind: 'certificate', subject, serialNumber, findings: lintLeaf(row, issuer) });
  }
  return { checked, faulty: faults.length, faults: faults.slice(0, shownFaults) };
}

async function checkAuthority(context: OperationContext, authority: AuthorityRow): Promise<Fault[]> {
  const { vault } = context;
  const { authorityId, certificatePem, crossCertificatePem, crossIssuerId, subject, serialNumber } = authority;
  const crossIssuer = crossIssuerId === null ? undefined : vault.authorities.get(crossIssuerId);
  const inForce = () => [vault.authorities.get(authorityId) ?? []].flat();
  const crls = await withCrls(context, inForce, (found) => found.map(({ pem }) => pem.toString('latin1')));
  const findings: LintFinding[] = [];
  for (const crl of crls) findings.push(...(await lintCrl(crl, { issuerPem: certificatePem })));
  return [
    { kind: 'authority', subject, serialNumber, findings: lintCertificate(certificatePem, { kind: 'authority' }) },
    { kind: 'crl', subject, serialNumber: null, findings },
    ...(crossCertificatePem !== null && crossIssuer
      ? [
          {
            kind: 'cross-certificate' as const,
            subject,
            serialNumber: null,
            findings: lintCertificate(crossCertificatePem, {
              kind: 'authority',
              issuerPem: crossIssuer.certificatePem,
            }),
          },
        ]
      : []),
  ];
}

async function* everyCertificate({ vault }: OperationContext): AsyncGenerator<CertificateRow> {
  for (let offset = 0, isFull = true; isFull; offset += certificatesAtOnce) {
    const { items } = vault.certificates.list({ limit: certificatesAtOnce, offset });
    yield* items;
    isFull = items.length === certificatesAtOnce;
    await setImmediate();
  }
}
