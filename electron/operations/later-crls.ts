// CRLs that an authority of this vault signed and this vault does not know: a backup was restored, or another console had
// the same authority. A CRL never takes back what an earlier one said (RFC 5280, 3.3), and no two may bear one number
// (5.2.3), so what they revoke is taken in before anything else is signed or pushed.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { readOwnCrls } from '../authority/import/own-crls.ts';
import type { ImportedRevocation } from '../authority/import/revocations.ts';
import { pemBlocksInSteps } from '../platform/pem-blocks.ts';
import { endOfSlice, inSlices } from '../platform/slices.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { OpenVault } from '../vault/rows.ts';
import { authoritiesWithCrl, prepareCrlBeyond } from './authority.ts';
import { hasKey } from './authority-key.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { rememberWithdrawal } from './credential-lifecycle.ts';
import { joinCrls, withCrls } from './crl-bodies.ts';
import { liveStates } from './plants.ts';
import { addToRegister, eachRegisterPage, type RegisterPage, replacePage } from './register-pages.ts';

export type LaterCrl = {
  readonly authority: AuthorityRow;
  readonly number: bigint;
  /** What it revokes and the vault does not. */
  readonly missing: readonly ImportedRevocation[];
};

/** Of a file of CRLs, those that know more than the vault. What no authority of this vault signed is left out. */
export async function laterCrls(context: OperationContext, crlFile: string): Promise<LaterCrl[]> {
  const later: LaterCrl[] = [];
  for (const text of await blocksOf(crlFile)) {
    for (const authority of context.vault.authorities.list()) {
      const crl = await readIfOwn(text, authority);
      if (!crl) continue;
      const { lastNumber: number, revocations } = crl;
      const missing = await notRevoked(context, authority, [...revocations.values()]);
      if (number > authority.crlNumber || missing.length > 0) later.push({ authority, number, missing });
    }
  }
  return later;
}

async function blocksOf(crlFile: string): Promise<readonly string[]> {
  try {
    return await inSlices(pemBlocksInSteps(crlFile, 'X509 CRL'));
  } catch {
    // What cannot be read revokes nothing; a broker does not take it either.
    return [];
  }
}

async function readIfOwn(text: string, { certificatePem }: AuthorityRow) {
  try {
    return await readOwnCrls([{ name: 'ca.crl', text }], certificatePem);
  } catch (error) {
    if (error instanceof ConsoleError) return undefined;
    throw error;
  }
}

async function notRevoked(
  { vault }: OperationContext,
  { authorityId }: AuthorityRow,
  revocations: readonly ImportedRevocation[],
): Promise<ImportedRevocation[]> {
  const registered = new Set<string>();
  for await (const { entries } of eachRegisterPage(vault, authorityId)) {
    for (const { serialNumber, revocation } of entries) if (revocation) registered.add(serialNumber);
  }
  const slice = endOfSlice();
  const missing: ImportedRevocation[] = [];
  for (const revocation of revocations) {
    const { serialNumber } = revocation;
    if (vault.certificates.get(serialNumber)?.state !== 'revoked' && !registered.has(serialNumber)) {
      missing.push(revocation);
    }
    await slice();
  }
  return missing;
}

/**
 * Revokes what these CRLs revoke, and signs the next ones beyond their numbers. Answers how many revocations were new.
 * Throws `authority/key-missing`.
 */
export const takeCrlsIn = (context: OperationContext, crlFiles: readonly string[]): Promise<number> =>
  context.exclusively(async () => {
    let taken = 0;
    for (const crlFile of crlFiles) {
      for (const later of await laterCrls(context, crlFile)) {
        await takeIn(context, later);
        taken += later.missing.length;
      }
    }
    for (const part of ['plants', 'authority', 'brokers'] as const) context.changed(part);
    return taken;
  });

async function takeIn(context: OperationContext, { authority, number, missing }: LaterCrl): Promise<void> {
  const { vault } = context;
  const { authorityId } = authority;
  const storeCrl = await prepareCrlBeyond(context, authorityId, { number, registered: missing });
  const held = missing.filter(({ serialNumber }) => vault.certificates.get(serialNumber));
  const bySerial = new Map(missing.map((revocation) => [revocation.serialNumber, revocation]));
  for (const { serialNumber } of held) bySerial.delete(serialNumber);
  const pages: RegisterPage[] = [];
  for await (const page of eachRegisterPage(vault, authorityId)) {
    if (page.entries.some(({ serialNumber }) => bySerial.has(serialNumber))) pages.push(page);
  }
  vault.transaction(() => {
    storeCrl();
    for (const revocation of held) revokeHeld(context, revocation);
    for (const page of pages) replacePage(vault, withRevocations(page, bySerial));
    const known = new Set(pages.flatMap(({ entries }) => entries.map(({ serialNumber }) => serialNumber)));
    const notAfter = new Date(authority.notAfter);
    addToRegister(
      vault,
      authorityId,
      [...bySerial.values()]
        .filter(({ serialNumber }) => !known.has(serialNumber))
        .map((revocation) => ({ serialNumber: revocation.serialNumber, subject: '', notAfter, revocation })),
    );
    audit(context, 'crl.take-in', authority.subject, {
      number: String(number),
      serialNumbers: missing.map(({ serialNumber }) => serialNumber),
    });
  });
}

const withRevocations = (page: RegisterPage, revoked: ReadonlyMap<string, ImportedRevocation>): RegisterPage => ({
  ...page,
  entries: page.entries.map((entry) => ({ ...entry, revocation: revoked.get(entry.serialNumber) ?? entry.revocation })),
});

/** Its credential goes with it; a plant that has no other one left is REVOKED, or PENDING where it was only replaced. */
function revokeHeld(context: OperationContext, revocation: ImportedRevocation): void {
  const { certificates, credentials, plants } = context.vault;
  const { serialNumber, reason, revokedAt, invalidityDate } = revocation;
  const at = revokedAt.toISOString();
  certificates.revoke(serialNumber, at, reason, invalidityDate?.toISOString() ?? null);
  const plantId = certificates.get(serialNumber)?.plantId;
  const plant = plantId ? plants.get(plantId) : undefined;
  if (plant?.authMethod !== 'MTLS') return;
  const isReplaced = reason === 'superseded';
  for (const { credentialId, state, certificateSerialNumber } of credentials.listForPlant(plant.plantId)) {
    if (certificateSerialNumber !== serialNumber || !liveStates.includes(state)) continue;
    credentials.setState(credentialId, isReplaced ? 'superseded' : 'revoked');
    credentials.destroySecrets(credentialId, timestamp(context));
  }
  if (plant.status === 'REVOKED' || hasLiveCredential(context, plant.plantId)) return;
  const status = isReplaced ? 'PENDING' : 'REVOKED';
  plants.update(plant.plantId, { status, updatedAt: timestamp(context), revokedAt: isReplaced ? null : at });
  if (!isReplaced) rememberWithdrawal(context, plant);
}

const hasLiveCredential = ({ vault }: OperationContext, plantId: PlantId): boolean =>
  vault.credentials.listForPlant(plantId).some(({ state }) => liveStates.includes(state));

/** What a vault that is about to be replaced has signed. */
export type SignedBefore = {
  readonly fingerprints: readonly string[];
  readonly crlFile: string;
};

/** Throws `vault/damaged`. */
export async function signedBy(vault: OpenVault): Promise<SignedBefore> {
  const crls = await withCrls({ vault }, () => vault.authorities.list(), joinCrls);
  return {
    fingerprints: vault.authorities.list().map(({ fingerprint }) => fingerprint),
    crlFile: crls.toString('latin1'),
  };
}

/** Beyond whatever was signed since a backup was made, whoever lost count of it. */
const leap = 1000n;

/**
 * After a backup took the place of a vault: what the replaced one revoked stays revoked. Of an authority that the replaced
 * one did not have, or where it could not be read (undefined), the next CRL is numbered well ahead: nobody knows how far
 * it had come.
 */
export async function carryRevocationsOver(
  context: OperationContext,
  { fingerprints, crlFile }: SignedBefore = { fingerprints: [], crlFile: '' },
): Promise<void> {
  if (!context.vault.authorities.current()) return;
  try {
    await takeCrlsIn(context, [crlFile]);
  } catch (error) {
    // The vault is replaced already. What cannot be signed here, a push to a broker that knows of it still refuses to drop.
    if (!(error instanceof ConsoleError && error.code === 'authority/key-missing')) throw error;
  }
  await context.exclusively(async () => {
    const lost = authoritiesWithCrl(context).filter(({ fingerprint }) => !fingerprints.includes(fingerprint));
    for (const { authorityId, crlNumber } of lost.filter((one) => hasKey(context, one))) {
      const storeCrl = await prepareCrlBeyond(context, authorityId, { number: crlNumber + leap, registered: [] });
      context.vault.transaction(storeCrl);
    }
  });
  for (const part of ['authority', 'brokers'] as const) context.changed(part);
}
