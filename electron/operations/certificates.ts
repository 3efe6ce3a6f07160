import type { LeafKeyAlgorithm } from '../../shared/model/certificate.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { certifyKey, issueCertificate, type LeafKey, type LeafProfile } from '../authority/leaf.ts';
import type { IssuedCertificate as IssuedByAuthority } from '../authority/tbs-certificate.ts';
import type { AuthorityRow, CertificateRow } from '../vault/rows.ts';
import { requireAuthority } from './authority.ts';
import type { OperationContext } from './context.ts';
import { timestamp } from './context.ts';

type Owner = { readonly plantId?: PlantId; readonly brokerId?: string };

export type IssuedCertificate = { readonly row: CertificateRow; readonly privateKeyPem: string };

/** Issues a certificate by the authority in force; storing the row is the caller's transaction. Throws `authority/absent`. */
export async function issueFromAuthority(
  context: OperationContext,
  options: {
    readonly profile: LeafProfile;
    readonly keyAlgorithm: LeafKeyAlgorithm;
    /** Left out: the default, or what the authority has left. */
    readonly validityDays?: number;
  },
  owner: Owner = {},
): Promise<IssuedCertificate> {
  const authority = requireAuthority(context);
  const issued = await issueCertificate({ ...options, ...issuing(context, authority) });
  const row = rowOf(context, authority, issued, { ...options, owner });
  return { row, privateKeyPem: issued.privateKeyPem };
}

/** The same for a key that somebody else made. */
export async function certifyByAuthority(
  context: OperationContext,
  { profile, key }: { readonly profile: LeafProfile; readonly key: LeafKey },
  owner: Owner,
): Promise<CertificateRow> {
  const authority = requireAuthority(context);
  const issued = await certifyKey({ profile, ...issuing(context, authority) }, key);
  return rowOf(context, authority, issued, { profile, keyAlgorithm: key.keyAlgorithm, owner });
}

const issuing = ({ vault, clock }: OperationContext, { authorityId, certificatePem }: AuthorityRow) => ({
  authority: { certificatePem, privateKeyPem: vault.authorities.privateKeyPem(authorityId) },
  now: clock.now(),
});

function rowOf(
  context: OperationContext,
  { authorityId }: AuthorityRow,
  issued: IssuedByAuthority,
  facts: { readonly profile: LeafProfile; readonly keyAlgorithm: LeafKeyAlgorithm; readonly owner: Owner },
): CertificateRow {
  return {
    serialNumber: issued.serialNumber,
    authorityId,
    kind: facts.profile.kind,
    subject: issued.subject,
    subjectAltNames: issued.subjectAltNames,
    plantId: facts.owner.plantId ?? null,
    brokerId: facts.owner.brokerId ?? null,
    keyAlgorithm: facts.keyAlgorithm,
    certificatePem: issued.certificatePem,
    fingerprint: issued.fingerprint,
    notBefore: issued.notBefore.toISOString(),
    notAfter: issued.notAfter.toISOString(),
    state: 'issued',
    revokedAt: null,
    revocationReason: null,
    createdAt: timestamp(context),
  };
}
