// Which entries of a broker's shared files are the console's: of everybody it manages, and of everybody it ever did.
// Whoever was deleted from the register must not stay on a broker as if somebody else had put him there.

import { mqttUsername } from '../../shared/model/plant.ts';
import type { OwnedEntries } from '../broker/foreign/owned-entries.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { consoleUsername } from './console-identity.ts';
import { type OperationContext, timestamp } from './context.ts';
import { probeUsername } from './probe-identities.ts';
import { readPushRecord } from './push-record.ts';

export function ownedEntries(context: OperationContext, broker: BrokerRow): OwnedEntries {
  const { vault } = context;
  const record = readPushRecord(vault.brokers, broker.brokerId);
  const probe = vault.brokers.probeAccount(broker.brokerId);
  const usernames = new Set(record?.usernames);
  usernames.add(consoleUsername).add(probeUsername);
  if (probe) usernames.add(probe.plantId);
  for (const { plantId } of vault.plants.list().items) usernames.add(plantId).add(mqttUsername(plantId, 'PASSWORD'));
  for (const { plantId } of vault.withdrawals.listAt(timestamp(context))) usernames.add(plantId);
  return { usernames, ports: ownedPorts(context, broker) };
}

/** Of its listeners, now and before: somebody else's listener is on none of them. */
export const ownedPorts = ({ vault }: OperationContext, { brokerId, ports }: BrokerRow): OwnedEntries['ports'] =>
  new Set([...(readPushRecord(vault.brokers, brokerId)?.ports ?? []), ...Object.values(ports)]);
