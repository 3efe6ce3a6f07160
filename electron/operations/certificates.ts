import type { LeafKeyAlgorithm } from '../../shared/model/certificate.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { issueCertificate, type LeafProfile } from '../authority/leaf.ts';
import type { CertificateRow } from '../vault/rows.ts';
import { requireAuthority } from './authority.ts';
import type { OperationContext } from './context.ts';
import { timestamp } from './context.ts';

type IssueOptions = {
  readonly profile: LeafProfile;
  readonly keyAlgorithm: LeafKeyAlgorithm;
  /** Left out: the default, or what the authority has left. */
  readonly validityDays?: number;
};
type Owner = { readonly plantId?: PlantId; readonly brokerId?: string };

export type IssuedCertificate = { readonly row: CertificateRow; readonly privateKeyPem: string };

/** Issues a certificate by the authority in force; storing the row is the caller's transaction. Throws `authority/absent`. */
export async function issueFromAuthority(
  context: OperationContext,
  options: IssueOptions,
  owner: Owner = {},
): Promise<IssuedCertificate> {
  const authority = requireAuthority(context);
  const issued = await issueCertificate({
    ...options,
    authority: {
      certificatePem: authority.certificatePem,
      privateKeyPem: context.vault.authorities.privateKeyPem(authority.authorityId),
    },
    now: context.clock.now(),
  });
  const row: CertificateRow = {
    serialNumber: issued.serialNumber,
    authorityId: authority.authorityId,
    kind: options.profile.kind,
    subject: issued.subject,
    subjectAltNames: issued.subjectAltNames,
    plantId: owner.plantId ?? null,
    brokerId: owner.brokerId ?? null,
    keyAlgorithm: options.keyAlgorithm,
    certificatePem: issued.certificatePem,
    fingerprint: issued.fingerprint,
    notBefore: issued.notBefore.toISOString(),
    notAfter: issued.notAfter.toISOString(),
    state: 'issued',
    revokedAt: null,
    revocationReason: null,
    createdAt: timestamp(context),
  };
  return { row, privateKeyPem: issued.privateKeyPem };
}
