// A revocation may be taken back as long as nobody outside the console can have heard of it: a CRL never takes back what an
// earlier one said (RFC 5280, 3.3). What it needs for that is kept until the CRL leaves, secrets that were never handed
// over among it, and destroyed then. It leaves with the turn of the event loop that reads it: what is packed, checked or
// sent afterwards takes its time, and nothing may be taken back meanwhile.

import { z } from 'zod';
import { ConsoleError } from '../../shared/model/errors.ts';
import { type PlantId, plantStatusSchema } from '../../shared/model/plant.ts';
import { credentialStates } from '../../shared/model/provisioning.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { CertificateRow, OpenCertificateRevocationRow } from '../vault/rows/certificates.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { type CrlInForce, withCrls } from './crl-bodies.ts';

const stateSchema = z.object({
  status: plantStatusSchema,
  credentials: z.array(z.object({ credentialId: z.string(), state: z.enum(credentialStates) })),
  certificates: z.array(
    z.object({ serialNumber: z.string(), authorityId: z.string(), state: z.enum(['issued', 'active', 'superseded']) }),
  ),
  withdrawnUntil: z.string().nullable(),
});
export type StateBefore = z.infer<typeof stateSchema>;

/** Inside the transaction that revokes, before anything of the plant is changed. */
export function keepRevocationOpen(
  { vault }: OperationContext,
  { plantId, status }: PlantRow,
  credentials: readonly CredentialRow[],
  certificates: readonly CertificateRow[],
  revokedAt: string,
): void {
  const before: StateBefore = {
    status,
    credentials: credentials.map(({ credentialId, state }) => ({ credentialId, state })),
    certificates: certificates.flatMap(({ serialNumber, authorityId, state }) =>
      state === 'revoked' ? [] : [{ serialNumber, authorityId, state }],
    ),
    withdrawnUntil: vault.withdrawals.get(plantId)?.withdrawnUntil ?? null,
  };
  vault.openRevocations.put({ plantId, revokedAt, stateBefore: JSON.stringify(before) });
}

/** What held before. Throws `plant/revocation-left` when the revocation is known outside, or there is none. */
export function openRevocation({ vault }: OperationContext, plantId: PlantId): StateBefore {
  const open = vault.openRevocations.get(plantId);
  if (!open) throw new ConsoleError('plant/revocation-left', { details: { plantId } });
  return stateSchema.parse(JSON.parse(open.stateBefore));
}

/** The same of a certificate without a plant. Throws `authority/revocation-left`. */
export function openCertificateRevocation(
  { vault }: OperationContext,
  serialNumber: string,
): OpenCertificateRevocationRow {
  const open = vault.openCertificateRevocations.get(serialNumber);
  if (!open) throw new ConsoleError('authority/revocation-left', { details: { serialNumber } });
  return open;
}

/** This revocation stands for good. Inside a transaction. */
export function closeRevocation(context: OperationContext, plantId: PlantId): void {
  const { openRevocations, credentials } = context.vault;
  if (!openRevocations.get(plantId)) return;
  for (const { credentialId, state, secretsAvailable } of credentials.listForPlant(plantId)) {
    if (state === 'revoked' && secretsAvailable) credentials.destroySecrets(credentialId, timestamp(context));
  }
  openRevocations.delete(plantId);
}

/** `withCrls` for CRLs that leave the console, by an export or a download: with the same turn every revocation stands. */
export const withLeavingCrls = <T>(
  context: OperationContext,
  which: () => readonly AuthorityRow[],
  use: (crls: readonly CrlInForce[]) => T,
): Promise<T> =>
  withCrls(context, which, (crls) => {
    closeRevocations(context);
    return use(crls);
  });

/** Certificates that count as revoked here, and of which no file that leaves may say so yet. */
export const openlyRevoked = ({ vault }: OperationContext): ReadonlySet<string> =>
  new Set(
    [
      ...vault.openRevocations
        .list()
        .flatMap(({ stateBefore }) => stateSchema.parse(JSON.parse(stateBefore)).certificates),
      ...vault.openCertificateRevocations.list(),
    ].map(({ serialNumber }) => serialNumber),
  );

/** Every revocation stands for good. To be called in the turn that reads what leaves. */
export function closeRevocations(context: OperationContext): void {
  const { openRevocations, openCertificateRevocations } = context.vault;
  const plantIds = openRevocations.list().map(({ plantId }) => plantId);
  const serialNumbers = openCertificateRevocations.list().map(({ serialNumber }) => serialNumber);
  if (plantIds.length + serialNumbers.length === 0) return;
  context.vault.transaction(() => {
    for (const plantId of plantIds) closeRevocation(context, plantId);
    for (const serialNumber of serialNumbers) openCertificateRevocations.delete(serialNumber);
    audit(context, 'crl.leave', 'crl', { plantIds, serialNumbers });
  });
  context.changed('plants');
}
