import { randomUUID } from 'node:crypto';
import {
  type Authority,
  type AuthorityKeyAlgorithm,
  type Certificate,
  crlStateAt,
  type RevocationReason,
} from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { buildCrl } from '../authority/crl.ts';
import { createAuthority } from '../authority/root.ts';
import { generateTokenKey } from '../credentials/tokens.ts';
import type { AuthorityRow, CertificateRow } from '../vault/rows.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

/** The authority as something to work with. Throws `authority/absent`. */
export function requireAuthority({ vault }: OperationContext): AuthorityRow {
  const authority = vault.authorities.current();
  if (!authority) throw new ConsoleError('authority/absent');
  return authority;
}

/** The authority as something to look at. Throws `authority/not-found`. */
export function readAuthority({ vault }: OperationContext): AuthorityRow {
  const authority = vault.authorities.current();
  if (!authority) throw new ConsoleError('authority/not-found');
  return authority;
}

type AuthorityInput = {
  readonly subject: string;
  readonly keyAlgorithm: AuthorityKeyAlgorithm;
  readonly validityDays: number;
};

/**
 * Makes the authority with an empty CRL, and the key that signs tokens.
 * Throws `authority/exists`, `authority/invalid-subject`.
 */
export async function establishAuthority(context: OperationContext, input: AuthorityInput): Promise<Authority> {
  const { vault } = context;
  const refuseSecond = () => {
    if (vault.authorities.current()) throw new ConsoleError('authority/exists');
  };
  refuseSecond();
  const [authority, tokenKey] = await Promise.all([
    createAuthority({ ...input, now: context.clock.now() }),
    generateTokenKey(),
  ]);
  const now = timestamp(context);
  vault.transaction(() => {
    refuseSecond();
    vault.authorities.insert(
      {
        authorityId: randomUUID(),
        subject: authority.subject,
        keyAlgorithm: input.keyAlgorithm,
        certificatePem: authority.certificatePem,
        serialNumber: authority.serialNumber,
        fingerprint: authority.fingerprint,
        notBefore: authority.notBefore.toISOString(),
        notAfter: authority.notAfter.toISOString(),
        crlPem: authority.crl.crlPem,
        crlNumber: authority.crl.number,
        crlThisUpdate: authority.crl.thisUpdate.toISOString(),
        crlNextUpdate: authority.crl.nextUpdate.toISOString(),
        createdAt: now,
      },
      authority.privateKeyPem,
    );
    vault.tokenKeys.insert(
      { keyId: tokenKey.keyId, publicKeyPem: tokenKey.publicSpkiPem, state: 'active', createdAt: now },
      tokenKey.privatePkcs1Pem,
    );
    audit(context, 'authority.create', authority.subject, {
      fingerprint: authority.fingerprint,
      keyAlgorithm: input.keyAlgorithm,
      tokenKeyId: tokenKey.keyId,
    });
  });
  context.changed('authority');
  return viewAuthority(context);
}

/** Throws `authority/not-found`. */
export function viewAuthority(context: OperationContext): Authority {
  const row = readAuthority(context);
  return {
    subject: row.subject,
    keyAlgorithm: row.keyAlgorithm,
    serialNumber: row.serialNumber,
    fingerprint: row.fingerprint,
    notBefore: row.notBefore,
    notAfter: row.notAfter,
    crl: {
      number: row.crlNumber,
      thisUpdate: row.crlThisUpdate,
      nextUpdate: row.crlNextUpdate,
      state: crlStateAt({ thisUpdate: row.crlThisUpdate, nextUpdate: row.crlNextUpdate }, context.clock.now()),
      revokedCount: revokedCertificates(context, row).length,
    },
  };
}

export function viewCertificate(row: CertificateRow): Certificate {
  const { authorityId: _authority, brokerId: _broker, certificatePem: _pem, createdAt: _created, ...view } = row;
  return { ...view, subjectAltNames: [...view.subjectAltNames] };
}

const revokedCertificates = ({ vault }: OperationContext, authority: AuthorityRow): CertificateRow[] =>
  vault.certificates.list({ authorityId: authority.authorityId, state: 'revoked' }).items;

/**
 * Signs a CRL that also holds these certificates. The answer revokes them and stores the CRL:
 * call it inside the transaction that makes the revocation true. Without serial numbers there is nothing to do.
 */
export async function prepareRevocations(
  context: OperationContext,
  serialNumbers: readonly string[],
  reason: RevocationReason,
): Promise<() => void> {
  return serialNumbers.length === 0 ? () => {} : prepareCrl(context, serialNumbers, reason);
}

/** The same list with a new number and new dates; a push brings it to the brokers. Throws `authority/not-found`. */
export async function renewCrl(context: OperationContext): Promise<Authority> {
  readAuthority(context);
  await context.exclusively(async () => {
    const store = await prepareCrl(context, [], 'unspecified');
    context.vault.transaction(store);
  });
  context.changed('brokers');
  return viewAuthority(context);
}

async function prepareCrl(
  context: OperationContext,
  serialNumbers: readonly string[],
  reason: RevocationReason,
): Promise<() => void> {
  const authority = requireAuthority(context);
  const now = context.clock.now();
  const crl = await buildCrl({
    authority: {
      certificatePem: authority.certificatePem,
      privateKeyPem: context.vault.authorities.privateKeyPem(authority.authorityId),
    },
    entries: [
      ...revokedCertificates(context, authority).map(({ serialNumber, revokedAt, revocationReason }) => ({
        serialNumber,
        revokedAt: revokedAt ? new Date(revokedAt) : now,
        reason: revocationReason ?? 'unspecified',
      })),
      ...serialNumbers.map((serialNumber) => ({ serialNumber, revokedAt: now, reason })),
    ],
    number: authority.crlNumber + 1,
    now,
  });
  return () => {
    for (const serialNumber of serialNumbers)
      context.vault.certificates.revoke(serialNumber, now.toISOString(), reason);
    context.vault.authorities.updateCrl(authority.authorityId, {
      crlPem: crl.crlPem,
      crlNumber: crl.number,
      crlThisUpdate: crl.thisUpdate.toISOString(),
      crlNextUpdate: crl.nextUpdate.toISOString(),
    });
    audit(context, 'crl.publish', authority.subject, { number: crl.number });
    context.changed('authority');
  };
}
