// A CRL does not end live sessions, and an ACL only mutes them. A broker ends a session when somebody else comes in with
// its client id, so the console does that for everybody who was revoked. It reaches clients that use the id of their
// package; passwords need none of it, since a broker drops removed users at the reload.

import type { PlantId } from '../../shared/model/plant.ts';
import { probeConnect } from '../broker/probe.ts';
import type { BrokerRow, PlantRow } from '../vault/rows.ts';
import { withWayTo } from './broker-way.ts';
import { consoleIdentity } from './console-identity.ts';
import { audit, type OperationContext } from './context.ts';
import { readPushRecord } from './push-record.ts';

/** So many at once: each is a connection to the broker. */
const atOnce = 20;

/** Plants whose sessions a push must end: revoked since the last push to this broker began. */
export function newlyRevoked({ vault }: OperationContext, { brokerId, lastPushedAt }: BrokerRow): PlantId[] {
  const lastPush = readPushRecord(vault.brokers, brokerId)?.pushId;
  const since = (lastPush && vault.operations.get(lastPush)?.startedAt) ?? lastPushedAt;
  if (since === null) return [];
  const isNew = ({ authMethod, revokedAt }: PlantRow) =>
    authMethod !== 'PASSWORD' && revokedAt !== null && revokedAt >= since;
  return vault.plants
    .list({ status: 'REVOKED' })
    .items.filter(isNew)
    .map(({ plantId }) => plantId);
}

/** Takes over the client ids of these plants, which ends their sessions. Never throws for what the broker does. */
export async function cutRevoked(
  context: OperationContext,
  broker: BrokerRow,
  plantIds: readonly PlantId[],
): Promise<void> {
  const { certificatePem, privateKeyPem: keyPem } = await consoleIdentity(context);
  await withWayTo(context, broker, async (way) => {
    const listener = way.listener(broker.ports.mtls);
    for (let start = 0; start < plantIds.length; start += atOnce) {
      const batch = plantIds.slice(start, start + atOnce);
      await Promise.all(batch.map((clientId) => probeConnect(listener, { clientId, certificatePem, keyPem })));
    }
  });
  audit(context, 'broker.cut', broker.brokerId, { plantIds });
}
