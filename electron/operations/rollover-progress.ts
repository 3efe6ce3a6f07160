// How far brokers and plants have followed a change of authority. What a broker trusts is known from its last push, what a
// plant trusts from the CA file that came with its credential or was brought to it since. Certificates are old by their
// issuer; after an emergency passwords and tokens are old too, by their age (emergency.ts).

import { setImmediate } from 'node:timers/promises';
import type { PlantId } from '../../shared/model/plant.ts';
import type { RolloverPlant } from '../../shared/model/rollover.ts';
import type { AuthorityRow } from '../vault/rows/authorities.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { requireAuthority } from './authority.ts';
import { type OperationContext, timestamp } from './context.ts';
import { emergencyAt, exposedTokenKeys } from './emergency.ts';
import { liveStates } from './plants.ts';
import { readPushRecord } from './push-record.ts';

/** Those whose rows are read between two turns of the event loop: some ten milliseconds. */
const plantsAtOnce = 50;

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
  const authorities = authoritiesNow(context);
  const progress: PlantProgress[] = [];
  for (let offset = 0, isFull = true; isFull; offset += plantsAtOnce) {
    const { items } = vault.plants.list({ limit: plantsAtOnce, offset });
    const plants = items.filter(({ status }) => status !== 'REVOKED');
    const credentials = vault.credentials.listForPlants(plants.map(({ plantId }) => plantId));
    const live = Map.groupBy(
      credentials.filter(({ state }) => liveStates.includes(state)),
      ({ plantId }) => plantId,
    );
    const trusts = vault.credentialTrusts.listForCredentials([...live.values()].flat().map((row) => row.credentialId));
    for (const plant of plants) {
      const own = live.get(plant.plantId) ?? [];
      const credential = heldCredential(own);
      if (!credential) continue;
      const known = trusts.get(credential.credentialId);
      progress.push({ plant, credential, needs: needsOf(context, authorities, credential, own, known) });
    }
    isFull = items.length === plantsAtOnce;
    await setImmediate();
  }
  return progress;
}

/** Read once: each row holds a whole CRL. */
type AuthoritiesNow = {
  readonly current: string;
  readonly next: string | undefined;
  readonly first: string;
  readonly givenUp: ReadonlySet<string>;
  readonly emergencyAt: string | undefined;
  /** Whose newest token is by a key that others may have, although another one signs now. */
  readonly exposedHolders: ReadonlySet<PlantId>;
  readonly now: string;
};

function authoritiesNow(context: OperationContext): AuthoritiesNow {
  const rows = context.vault.authorities.list();
  const current = requireAuthority(context).authorityId;
  return {
    current,
    next: rows.find(({ state }) => state === 'next')?.authorityId,
    first: rows[0]?.authorityId ?? current,
    givenUp: new Set(rows.filter(({ isCompromised }) => isCompromised).map(({ authorityId }) => authorityId)),
    emergencyAt: emergencyAt(context),
    exposedHolders: exposedHolders(context),
    now: timestamp(context),
  };
}

function exposedHolders(context: OperationContext): Set<PlantId> {
  const { tokenKeys } = context.vault;
  const exposed = new Set(exposedTokenKeys(context).map(({ keyId }) => keyId));
  const signing = tokenKeys.active()?.keyId;
  if (signing === undefined || exposed.has(signing)) return new Set();
  const issues = tokenKeys.issues().filter(({ keyId }) => exposed.has(keyId));
  return new Set(issues.map(({ plantId }) => plantId));
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

/** `trusted`: what was written down of the held credential. Before there was a second authority there was but one to trust. */
function needsOf(
  context: OperationContext,
  authorities: AuthoritiesNow,
  held: CredentialRow,
  live: readonly CredentialRow[],
  trusted: readonly string[] | undefined,
): RolloverPlant['needs'] | null {
  const { current, next, first, givenUp } = authorities;
  if (next === undefined && isOld(context, authorities, held)) {
    const waits = (row: CredentialRow) => !isOld(context, authorities, row) && !hasEnded(authorities, row);
    return live.some(waits) ? 'delivery' : 'credential';
  }
  const trusts = trusted ?? [issuerOf(context, held) ?? first];
  return trusts.includes(next ?? current) && !trusts.some((id) => givenUp.has(id)) ? null : 'trust';
}

/** Something else must take its place. */
function isOld(context: OperationContext, authorities: AuthoritiesNow, credential: CredentialRow): boolean {
  const { current, emergencyAt: since, exposedHolders: holders } = authorities;
  const isHeard = since !== undefined && credential.createdAt <= since;
  switch (credential.authMethod) {
    case 'MTLS': {
      const issuer = issuerOf(context, credential);
      return issuer !== null && issuer !== current;
    }
    case 'PASSWORD':
      return isHeard;
    case 'TOKEN':
      return isHeard || holders.has(credential.plantId);
  }
}

/** A token that waited too long lets nobody in. */
const hasEnded = ({ now }: AuthoritiesNow, { authMethod, expiresAt }: CredentialRow): boolean =>
  authMethod === 'TOKEN' && expiresAt !== null && expiresAt <= now;

/** Who issued its certificate; null for what is none. */
const issuerOf = ({ vault }: OperationContext, { certificateSerialNumber }: CredentialRow): string | null =>
  certificateSerialNumber === null ? null : (vault.certificates.get(certificateSerialNumber)?.authorityId ?? null);
