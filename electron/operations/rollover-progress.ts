// How far brokers and plants have followed a change of authority. What a broker trusts is known from its last push, what a
// plant trusts from the CA file that came with its credential or was brought to it since.

import { setImmediate } from 'node:timers/promises';
import type { RolloverPlant } from '../../shared/model/rollover.ts';
import type { AuthorityRow, BrokerRow, CredentialRow, PlantRow } from '../vault/rows.ts';
import { requireAuthority } from './authority.ts';
import type { OperationContext } from './context.ts';
import { liveStates } from './plants.ts';
import { readPushRecord } from './push-record.ts';

/** Rows that are read between two turns of the event loop. */
const rowsAtOnce = 200;

/** The brokers whose last push says otherwise than the authority's state: by name. One that was never pushed has no clients. */
export const brokersBehind = (context: OperationContext, authority: AuthorityRow): string[] =>
  context.vault.brokers
    .list()
    .filter((broker) => isBehind(context, broker, authority))
    .map(({ name }) => name);

function isBehind(
  { vault }: OperationContext,
  { profile, brokerId }: BrokerRow,
  { authorityId, state }: AuthorityRow,
): boolean {
  const record = profile === 'voke' ? readPushRecord(vault.brokers, brokerId) : undefined;
  if (!record) return false;
  const isTrusted = record.authorityIds?.includes(authorityId) ?? false;
  switch (state) {
    case 'next':
    case 'retiring':
      return !isTrusted;
    case 'current':
      return !isTrusted || record.serverAuthorityId !== authorityId;
    case 'retired':
      return isTrusted;
  }
}

export type PlantProgress = {
  readonly plant: PlantRow;
  /** What it holds: the credential in force, else the one that may come into force. */
  readonly credential: CredentialRow;
  readonly needs: RolloverPlant['needs'] | null;
};

/** Every plant that holds a credential, by name, and what it needs. Throws `authority/absent`. */
export async function plantProgress(context: OperationContext): Promise<PlantProgress[]> {
  const { vault } = context;
  const live = Map.groupBy(vault.credentials.listInStates(liveStates), ({ plantId }) => plantId);
  const progress: PlantProgress[] = [];
  for (const plant of vault.plants.list().items) {
    const credentials = live.get(plant.plantId) ?? [];
    const credential = heldCredential(credentials);
    if (plant.status !== 'REVOKED' && credential) {
      progress.push({ plant, credential, needs: needsOf(context, credential, credentials) });
    }
    if (progress.length % rowsAtOnce === 0) await setImmediate();
  }
  return progress;
}

/** Of a plant's live credentials the one that lies on its device, as far as anybody knows. */
const heldCredential = (live: readonly CredentialRow[]): CredentialRow | undefined =>
  (['active', 'deployed', 'issued'] as const)
    .map((state) => newestOf(live.filter((row) => row.state === state)))
    .find((row) => row !== undefined);

const newestOf = (rows: readonly CredentialRow[]): CredentialRow | undefined =>
  rows.reduce<CredentialRow | undefined>(
    (newest, row) => (newest && newest.createdAt >= row.createdAt ? newest : row),
    undefined,
  );

function needsOf(
  context: OperationContext,
  held: CredentialRow,
  live: readonly CredentialRow[],
): RolloverPlant['needs'] | null {
  const { authorityId } = requireAuthority(context);
  const next = context.vault.authorities.list().find(({ state }) => state === 'next');
  const issuer = issuerOf(context, held);
  if (issuer !== null && issuer !== authorityId && !next) {
    return live.some((row) => issuerOf(context, row) === authorityId) ? 'delivery' : 'certificate';
  }
  const trusted = trustOf(context, held);
  const isGivenUp = (id: string) => context.vault.authorities.get(id)?.isCompromised ?? false;
  const wanted = next?.authorityId ?? authorityId;
  return trusted.includes(wanted) && !trusted.some(isGivenUp) ? null : 'trust';
}

/** Who issued its certificate; null for what is none. */
function issuerOf({ vault }: OperationContext, { certificateSerialNumber }: CredentialRow): string | null {
  return certificateSerialNumber === null
    ? null
    : (vault.certificates.get(certificateSerialNumber)?.authorityId ?? null);
}

/** Before there was a second authority nothing was written down: there was but one to trust. */
export function trustOf(context: OperationContext, credential: CredentialRow): readonly string[] {
  const { credentialId } = credential;
  const known = context.vault.credentialTrusts.listForCredentials([credentialId]).get(credentialId);
  const first = context.vault.authorities.list()[0];
  return known ?? [issuerOf(context, credential) ?? first?.authorityId ?? ''];
}
