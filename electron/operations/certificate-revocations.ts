// A certificate that belongs to no plant (one that came with an authority, a broker's, the console's own) is revoked by
// itself. A plant's is revoked with the plant: its passwords, tokens and other certificates would stay good otherwise.

import type { Certificate } from '../../shared/model/certificate.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { CertificateRow, OpenCertificateRevocationRow } from '../vault/rows/certificates.ts';
import { prepareRevocations, prepareTakingBack, viewCertificate } from './authority.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { openCertificateRevocation } from './open-revocations.ts';
import { type RevocationWords, refuseDayToCome } from './revocation-words.ts';

/**
 * Throws `authority/certificate-not-found`, `authority/certificate-of-plant`, `authority/registered-revoked`, and
 * `input/invalid` for a key that will be lost some day.
 */
export async function revokeCertificate(
  context: OperationContext,
  serialNumber: string,
  { reason, invalidityDate }: RevocationWords,
): Promise<Certificate> {
  refuseDayToCome(context, invalidityDate);
  await context.exclusively(async () => {
    const { authorityId, state, subject } = requireRevocable(context, serialNumber);
    const certificate = { serialNumber, authorityId };
    const revoke = await prepareRevocations(context, [certificate], { reason, invalidityDate: invalidityDate ?? null });
    context.vault.transaction(() => {
      const open: OpenCertificateRevocationRow = {
        ...certificate,
        revokedAt: timestamp(context),
        stateBefore: state === 'revoked' ? null : state,
      };
      context.vault.openCertificateRevocations.insert(open);
      revoke();
      audit(context, 'certificate.revoke', serialNumber, {
        subject,
        reason,
        ...(invalidityDate !== undefined && { invalidityDate }),
      });
    });
  });
  return tellChanged(context, serialNumber);
}

/** As if it had not been revoked. Throws `authority/revocation-left` once somebody outside may know of it. */
export async function takeCertificateRevocationBack(
  context: OperationContext,
  serialNumber: string,
): Promise<Certificate> {
  await context.exclusively(async () => {
    const row = requireCertificate(context, serialNumber);
    const { stateBefore } = openCertificateRevocation(context, serialNumber);
    // A broker that was looked at meanwhile has a certificate in its place.
    const state = stateBefore === 'active' && isReplaced(context, row) ? 'superseded' : (stateBefore ?? 'superseded');
    const unrevoke = await prepareTakingBack(context, [{ ...row, state }]);
    context.vault.transaction(() => {
      // A CRL is signed meanwhile: what was open may have left.
      openCertificateRevocation(context, serialNumber);
      unrevoke();
      context.vault.openCertificateRevocations.delete(serialNumber);
      audit(context, 'certificate.revoke-undo', serialNumber);
    });
  });
  return tellChanged(context, serialNumber);
}

function requireCertificate({ vault }: OperationContext, serialNumber: string): CertificateRow {
  const row = vault.certificates.get(serialNumber);
  if (!row) throw new ConsoleError('authority/certificate-not-found', { details: { serialNumber } });
  return row;
}

function requireRevocable(context: OperationContext, serialNumber: string): CertificateRow {
  const row = requireCertificate(context, serialNumber);
  const plant = row.plantId === null ? undefined : context.vault.plants.get(row.plantId);
  if (plant) throw new ConsoleError('authority/certificate-of-plant', { details: { plantId: plant.plantId } });
  if (row.state === 'revoked') throw new ConsoleError('authority/registered-revoked', { details: { serialNumber } });
  return row;
}

/** One of a kind of which only one is in force. */
function isReplaced({ vault }: OperationContext, { kind, brokerId, serialNumber }: CertificateRow): boolean {
  switch (kind) {
    case 'device':
    case 'document':
      return false;
    case 'broker':
      return brokerId !== null && vault.brokers.get(brokerId)?.certificateSerialNumber !== serialNumber;
    case 'console':
    case 'probe':
      return vault.certificates.list({ kind, state: 'active', brokerId: brokerId ?? undefined, limit: 1 }).total > 0;
  }
}

function tellChanged(context: OperationContext, serialNumber: string): Certificate {
  for (const part of ['authority', 'brokers'] as const) context.changed(part);
  return viewCertificate(requireCertificate(context, serialNumber));
}
