import type { LeafKeyAlgorithm } from '../../shared/model/certificate.ts';
import type { LeafValidity } from '../../shared/model/leaf-validity.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { Issuer } from '../authority/issuer.ts';
import { certifyKey, issueCertificate, type LeafKey, type LeafProfile } from '../authority/leaf.ts';
import type { IssuedCertificate as IssuedByAuthority } from '../authority/tbs-certificate.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { CertificateRow } from '../vault/rows/certificates.ts';
import { requireAuthority } from './authority.ts';
import { signingIssuer } from './authority-key.ts';
import type { OperationContext } from './context.ts';
import { timestamp } from './context.ts';

type Owner = { readonly plantId?: PlantId; readonly brokerId?: string };

export type IssuedCertificate = { readonly row: CertificateRow; readonly privateKeyPem: string };

/** An authority of the vault with its key imported, ready to issue many certificates. */
export type IssuingAuthority = { readonly row: AuthorityRow; readonly issuer: Issuer };

/** The authority in force, unless another one is given. Throws `authority/absent`, `authority/key-missing`. */
export function issuingAuthority(context: OperationContext, row = requireAuthority(context)): IssuingAuthority {
  return { row, issuer: signingIssuer(context, row) };
}

/** Issues a certificate by the authority in force; storing the row is the caller's transaction. Throws like `issuingAuthority`. */
export async function issueFromAuthority(
  context: OperationContext,
  options: {
    readonly profile: LeafProfile;
    readonly keyAlgorithm: LeafKeyAlgorithm;
    /** Left out: the default, or what the authority has left. */
    readonly validity?: LeafValidity | undefined;
  },
  owner: Owner = {},
  { row: authority, issuer }: IssuingAuthority = issuingAuthority(context),
): Promise<IssuedCertificate> {
  const issued = await issueCertificate({ ...options, authority: issuer, now: context.clock.now() });
  const row = rowOf(context, authority, issued, { ...options, owner });
  return { row, privateKeyPem: issued.privateKeyPem };
}

/** The same for a key that somebody else made. */
export async function certifyByAuthority(
  context: OperationContext,
  {
    profile,
    key,
    validity,
  }: { readonly profile: LeafProfile; readonly key: LeafKey; readonly validity?: LeafValidity | undefined },
  owner: Owner,
): Promise<CertificateRow> {
  const { row: authority, issuer } = issuingAuthority(context);
  const issued = await certifyKey({ profile, validity, authority: issuer, now: context.clock.now() }, key);
  return rowOf(context, authority, issued, { profile, keyAlgorithm: key.keyAlgorithm, owner });
}

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
    invalidityDate: null,
    createdAt: timestamp(context),
  };
}
