// Changing the key that signs tokens, without an outage. Brokers read a set of keys, so:
// - start: a new key is made and trusted beside the old one; a push brings it to the brokers.
// - sign: new tokens are by the new key, the old ones stay good. Not before every broker trusts it.
// - retire: the old key is trusted no more. Not before every TOKEN plant has a token by another key.
// Each step may be insisted on: a leaked key must go at once, whoever is locked out by it.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { TokenKey } from '../../shared/model/token-key.ts';
import { generateTokenKey } from '../credentials/tokens.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import type { TokenKeyRow } from '../vault/rows/token-keys.ts';
import { readAuthority, requireAuthority } from './authority.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { liveStates } from './plants.ts';
import { readPushRecord } from './push-record.ts';

/** The keys whose tokens a broker shall accept, the signing one first. Throws `authority/absent`. */
export function trustedTokenKeys({ vault }: OperationContext): [TokenKeyRow, ...TokenKeyRow[]] {
  const active = vault.tokenKeys.active();
  if (!active) throw new ConsoleError('authority/absent');
  return [active, ...vault.tokenKeys.list().filter(({ state }) => state === 'trusted')];
}

/** Newest first. Throws `authority/not-found`. */
export function viewTokenKeys(context: OperationContext): TokenKey[] {
  readAuthority(context);
  const holders = tokenHolders(context);
  return context.vault.tokenKeys.list().map((key) => ({
    keyId: key.keyId,
    state: key.state,
    createdAt: key.createdAt,
    plantCount: holders.filter(({ keyId }) => keyId === key.keyId).length,
    brokersBehind: brokersBehind(context, key),
  }));
}

/** Makes the next key. Throws `authority/absent`, `authority/token-rollover-running`. */
export async function startTokenRollover(context: OperationContext): Promise<TokenKey[]> {
  requireAuthority(context);
  const refuseSecond = () => {
    if (trustedTokenKeys(context).length > 1) throw new ConsoleError('authority/token-rollover-running');
  };
  refuseSecond();
  const key = await generateTokenKey();
  context.vault.transaction(() => {
    refuseSecond();
    context.vault.tokenKeys.insert(
      { keyId: key.keyId, publicKeyPem: key.publicSpkiPem, state: 'trusted', createdAt: timestamp(context) },
      key.privatePkcs1Pem,
    );
    audit(context, 'token-key.trust', key.keyId);
  });
  return changed(context);
}

/** Signs with this key from now on. Throws `authority/token-key-not-pushed` naming brokers that would refuse its tokens. */
export function signWithTokenKey(context: OperationContext, keyId: string, insist: boolean): TokenKey[] {
  const key = requireKey(context, keyId, 'trusted');
  const behind = brokersBehind(context, key);
  if (behind.length > 0 && !insist) {
    throw new ConsoleError('authority/token-key-not-pushed', {
      because: behind.join(', '),
      details: { keyId, brokers: behind },
    });
  }
  context.vault.transaction(() => {
    context.vault.tokenKeys.setState(keyId, 'active');
    audit(context, 'token-key.sign', keyId, { insisted: behind.length > 0 });
  });
  return changed(context);
}

/** Trusts this key no more; a push makes it true. Throws `authority/token-key-in-use` naming plants that hold its tokens. */
export function retireTokenKey(context: OperationContext, keyId: string, insist: boolean): TokenKey[] {
  requireKey(context, keyId, 'trusted');
  const holders = tokenHolders(context).filter((holder) => holder.keyId === keyId);
  if (holders.length > 0 && !insist) {
    throw new ConsoleError('authority/token-key-in-use', {
      because: `${holders.length} of them`,
      details: { keyId, plantCount: holders.length, plants: holders.slice(0, 20).map(({ plant }) => plant.name) },
    });
  }
  context.vault.transaction(() => {
    context.vault.tokenKeys.setState(keyId, 'retired');
    audit(context, 'token-key.retire', keyId, { plantsLockedOut: holders.length });
  });
  return changed(context);
}

function requireKey({ vault }: OperationContext, keyId: string, wanted: TokenKeyRow['state']): TokenKeyRow {
  const key = vault.tokenKeys.list().find((row) => row.keyId === keyId);
  if (!key) throw new ConsoleError('authority/token-key-not-found', { details: { keyId } });
  if (key.state !== wanted) {
    throw new ConsoleError('authority/token-key-wrong-state', {
      because: `it is ${key.state}`,
      details: { keyId, state: key.state },
    });
  }
  return key;
}

/** TOKEN plants that could connect, each with the key of its newest token. One of which none is known counts for the oldest key. */
function tokenHolders(context: OperationContext): { readonly plant: PlantRow; readonly keyId: string | undefined }[] {
  const issues = new Map(context.vault.tokenKeys.issues().map((issue) => [issue.plantId, issue.keyId]));
  const oldest = context.vault.tokenKeys.list().findLast(({ state }) => state !== 'retired')?.keyId;
  const { items } = context.vault.plants.list({ authMethod: 'TOKEN' });
  const live = context.vault.credentials
    .listForPlants(items.map(({ plantId }) => plantId))
    .filter(({ state }) => liveStates.includes(state));
  const provisioned = new Set(live.map(({ plantId }) => plantId));
  return items
    .filter(({ plantId, status }) => status !== 'REVOKED' && provisioned.has(plantId))
    .map((plant) => ({ plant, keyId: issues.get(plant.plantId) ?? oldest }));
}

/** The brokers whose last push says otherwise than the key's state: by name. */
function brokersBehind({ vault }: OperationContext, key: TokenKeyRow): string[] {
  return vault.brokers
    .list()
    .filter(({ brokerId }) => {
      const trusted = readPushRecord(vault.brokers, brokerId)?.tokenKeyIds;
      return trusted && trusted.includes(key.keyId) !== (key.state !== 'retired');
    })
    .map(({ name }) => name);
}

function changed(context: OperationContext): TokenKey[] {
  context.changed('authority');
  context.changed('brokers');
  return viewTokenKeys(context);
}
