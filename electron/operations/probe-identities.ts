// Who knocks at a broker's doors after a push. One account a broker, with every way to prove oneself:
// - it has the rights of a plant whose id belongs to no plant;
// - its certificate lives a day; the revoked one lives long, since only the CRL shall be the reason to refuse it;
// - its password and its keys lie sealed in the vault; its tokens are signed anew each time.

import { randomUUID } from 'node:crypto';
import { type PlantId, plantIdSchema } from '../../shared/model/plant.ts';
import { issueCertificate } from '../authority/leaf.ts';
import { createAuthority } from '../authority/root.ts';
import { generatePassword, hashPassword } from '../credentials/passwords.ts';
import { issueToken } from '../credentials/tokens.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { ProbeAccountRow } from '../vault/rows/brokers.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import { prepareRevocations, trustedAuthorities } from './authority.ts';
import { hasKey } from './authority-key.ts';
import { issueFromAuthority, issuingAuthority } from './certificates.ts';
import { audit, type OperationContext } from './context.ts';

/** In a broker's password file; no plant's username begins so. */
export const probeUsername = 'voke-probe';

const certificateDays = 1;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const tokenSeconds = 300;
/** A broker refuses a token whose `iat` has not come, and its clock may be behind. */
const tokenAgeMs = 120_000;

export type CertificateIdentity = { readonly certificatePem: string; readonly keyPem: string };

/** What a broker must know of the account, made when there is none: the files that are rendered next hold it. */
export async function prepareProbeAccount(context: OperationContext, brokerId: string): Promise<ProbeAccountRow> {
  const known = context.vault.brokers.probeAccount(brokerId);
  if (known) return known;
  const password = generatePassword();
  const row = {
    brokerId,
    plantId: plantIdSchema.parse(randomUUID()),
    passwordHash: await hashPassword(password),
  };
  return context.vault.transaction(() => {
    const meanwhile = context.vault.brokers.probeAccount(brokerId);
    if (meanwhile) return meanwhile;
    context.vault.brokers.insertProbeAccount(row, password);
    audit(context, 'broker.probe-account', brokerId, { plantId: row.plantId });
    return row;
  });
}

/** A certificate of this authority for the account; reused for the rest of its day. */
export async function probeCertificate(
  context: OperationContext,
  { brokerId, plantId }: ProbeAccountRow,
  authority: AuthorityRow,
): Promise<CertificateIdentity> {
  const { certificates } = context.vault;
  const { authorityId } = authority;
  const active = certificates.list({ kind: 'probe', brokerId, state: 'active', authorityId }).items;
  const usable = active.find((row) => livesFor(context, row, hourMs));
  if (usable) return identityOf(context, usable);
  const issued = await issueFromAuthority(
    context,
    {
      profile: { kind: 'probe', plantId },
      keyAlgorithm: 'EC-P256',
      // In an authority's last days a certificate lives as long as that does.
      ...(livesFor(context, authority, certificateDays * dayMs) && { validity: { days: certificateDays } }),
    },
    { brokerId },
    issuingAuthority(context, authority),
  );
  context.vault.transaction(() => {
    for (const { serialNumber } of active) certificates.setState(serialNumber, 'superseded');
    certificates.insert({ ...issued.row, state: 'active' }, issued.privateKeyPem);
    audit(context, 'broker.probe-certificate', brokerId, { serialNumber: issued.row.serialNumber });
  });
  return { certificatePem: issued.row.certificatePem, keyPem: issued.privateKeyPem };
}

export type ShownCertificate = CertificateIdentity & { readonly serialNumber: string };

/** A certificate of this authority that is good but for standing on the CRL, or undefined when there is none yet. */
export function revokedCertificate(context: OperationContext, authority: AuthorityRow): ShownCertificate | undefined {
  const row = revokedRow(context, authority);
  return row && { ...identityOf(context, row), serialNumber: row.serialNumber };
}

/** A certificate with the account's name by an authority that nobody knows. */
export async function strangersCertificate(
  context: OperationContext,
  { plantId }: ProbeAccountRow,
): Promise<CertificateIdentity> {
  const now = context.clock.now();
  const authority = await createAuthority({ subject: '/CN=Stranger', keyAlgorithm: 'EC-P256', validityDays: 1, now });
  const leaf = await issueCertificate({
    authority,
    profile: { kind: 'probe', plantId },
    keyAlgorithm: 'EC-P256',
    validity: { days: 1 },
    now,
  });
  return { certificatePem: leaf.certificatePem, keyPem: leaf.privateKeyPem };
}

/** A short token by this key, already valid for a while; or one whose time is over. */
export async function probeToken(
  { vault, clock }: OperationContext,
  plantId: PlantId,
  keyId: string,
  time: 'valid' | 'expired',
): Promise<string> {
  const ageMs = time === 'valid' ? tokenAgeMs : dayMs;
  const { token } = await issueToken({
    privateKeyPem: vault.tokenKeys.privateKeyPem(keyId),
    keyId,
    plantId,
    ttlSeconds: tokenSeconds,
    now: new Date(clock.now().getTime() - ageMs),
  });
  return token;
}

/**
 * A certificate that the CRL refuses, of each authority that brokers trust. One for all brokers; made, and put on a new
 * CRL, when there is none that still lives and the authority can sign.
 */
export async function ensureRevokedCertificates(context: OperationContext): Promise<void> {
  for (const authority of trustedAuthorities(context)) await ensureRevokedCertificate(context, authority);
}

async function ensureRevokedCertificate(context: OperationContext, authority: AuthorityRow): Promise<void> {
  // In an authority's last day nothing can be made that outlives it.
  if (revokedRow(context, authority) || !livesFor(context, authority, dayMs) || !hasKey(context, authority)) return;
  await context.exclusively(async () => {
    if (revokedRow(context, authority)) return;
    const { row, privateKeyPem } = await issueFromAuthority(
      context,
      { profile: { kind: 'probe', plantId: plantIdSchema.parse(randomUUID()) }, keyAlgorithm: 'EC-P256' },
      {},
      issuingAuthority(context, authority),
    );
    const revoke = await prepareRevocations(context, [row], { reason: 'cessationOfOperation' });
    context.vault.transaction(() => {
      context.vault.certificates.insert(row, privateKeyPem);
      revoke();
    });
  });
}

function revokedRow(context: OperationContext, { authorityId }: AuthorityRow): CertificateRow | undefined {
  return context.vault.certificates
    .list({ kind: 'probe', state: 'revoked', authorityId })
    .items.find((row) => livesFor(context, row, dayMs));
}

const livesFor = ({ clock }: OperationContext, { notAfter }: { readonly notAfter: string }, ms: number): boolean =>
  Date.parse(notAfter) - clock.now().getTime() > ms;

function identityOf(
  { vault }: OperationContext,
  { serialNumber, certificatePem }: CertificateRow,
): CertificateIdentity {
  return { certificatePem, keyPem: vault.certificates.privateKeyPem(serialNumber) ?? '' };
}
