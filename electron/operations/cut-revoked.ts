// A CRL does not end live sessions, and an ACL only mutes them. A broker ends a session when somebody else comes in with
// its client id, so the console does that for everybody who was revoked. Passwords need none of it, since a broker drops
// removed users at the reload.

import type { BrokerSession, ManagedBroker } from '../../shared/model/broker-files.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { probeConnect } from '../broker/probe.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import type { PlantRow } from '../vault/rows/plants.ts';
import { withWayTo } from './broker-way.ts';
import { consoleIdentity } from './console-identity.ts';
import { audit, type OperationContext } from './context.ts';
import { readPushRecord } from './push-record.ts';

/** So many at once: each is a connection to the broker. */
const atOnce = 20;

/** Plants whose sessions a push must end: revoked since the last push to this broker began. */
export function newlyRevoked(context: OperationContext, broker: BrokerRow): PlantId[] {
  if (broker.profile === 'plantops') return [];
  const since = lastPushBegan(context, broker);
  if (since === null) return [];
  return revokedSessions(context)
    .filter(({ revokedAt }) => revokedAt !== null && revokedAt >= since)
    .map(({ plantId }) => plantId);
}

/**
 * Plants that were revoked at any time and are connected all the same, where the broker can tell: a console that was
 * killed after an earlier push may not have come to cut them.
 */
export async function connectedThoughRevoked(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
): Promise<PlantId[]> {
  const revoked = broker.profile === 'plantops' ? [] : revokedSessions(context);
  if (revoked.length === 0) return [];
  const connected = new Set((await sessionsOf(target)).map(({ username }) => username));
  return revoked.flatMap(({ plantId }) => (connected.has(plantId) ? [plantId] : []));
}

/** Those whose sessions outlive a reload. */
const revokedSessions = ({ vault }: OperationContext): PlantRow[] =>
  vault.plants.list({ status: 'REVOKED' }).items.filter(({ authMethod }) => authMethod !== 'PASSWORD');

/** ISO 8601; null before the first push. What happened after it may not be known to the broker. */
export function lastPushBegan({ vault }: OperationContext, { brokerId, lastPushedAt }: BrokerRow): string | null {
  const lastPush = readPushRecord(vault.brokers, brokerId)?.pushId;
  return (lastPush && vault.operations.get(lastPush)?.startedAt) ?? lastPushedAt;
}

/** Takes over the client ids of these plants, which ends their sessions. Never throws for what the broker does. */
export async function cutRevoked(
  context: OperationContext,
  broker: BrokerRow,
  target: ManagedBroker,
  plantIds: readonly PlantId[],
): Promise<void> {
  const clientIds = await clientIdsOf(target, plantIds);
  const { certificatePem, privateKeyPem: keyPem } = await consoleIdentity(context);
  await withWayTo(context, broker, async (way) => {
    const listener = way.listener('mtls');
    for (let start = 0; start < clientIds.length; start += atOnce) {
      const batch = clientIds.slice(start, start + atOnce);
      await Promise.all(batch.map((clientId) => probeConnect(listener, { clientId, certificatePem, keyPem })));
    }
  });
  audit(context, 'broker.cut', broker.brokerId, { plantIds });
}

/** Those of their packages, and whatever they call themselves where the broker can tell. */
async function clientIdsOf(target: ManagedBroker, plantIds: readonly PlantId[]): Promise<string[]> {
  const usernames = new Set<string>(plantIds);
  const others = (await sessionsOf(target))
    .filter(({ username }) => usernames.has(username))
    .map(({ clientId }) => clientId);
  return [...new Set([...plantIds, ...others])];
}

/** None where the broker cannot tell. */
const sessionsOf = async (target: ManagedBroker): Promise<readonly BrokerSession[]> =>
  (await target.sessions?.().catch(() => undefined)) ?? [];
