import { randomUUID } from 'node:crypto';
import type { Broker, BrokerInput } from '../../shared/model/broker.ts';
import { localPorts } from '../../shared/model/broker.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { AuthMethod } from '../../shared/model/plant.ts';
import type { BrokerRow } from '../vault/rows.ts';
import { registerDigest } from './broker-files.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

/** Throws `broker/not-found`. */
export function requireBroker({ vault }: OperationContext, brokerId: string): BrokerRow {
  const broker = vault.brokers.get(brokerId);
  if (!broker) throw new ConsoleError('broker/not-found', { details: { brokerId } });
  return broker;
}

/** Throws `broker/exists` for a name in use, `input/invalid` for two listeners on one port. */
export function addBroker(context: OperationContext, input: BrokerInput): BrokerRow {
  const ports = Object.values(input.ports);
  if (new Set(ports).size < ports.length) {
    throw new ConsoleError('input/invalid', { fields: [{ field: 'ports', message: 'must be three different ports' }] });
  }
  const row: BrokerRow = {
    brokerId: randomUUID(),
    ...input,
    profile: 'voke',
    certificateSerialNumber: null,
    createdAt: timestamp(context),
    lastPushedAt: null,
    lastPushDigest: null,
    crlNextUpdate: null,
    hostKeys: {},
  };
  context.vault.transaction(() => {
    context.vault.brokers.insert(row);
    audit(context, 'broker.add', row.brokerId, { name: row.name, target: row.target.kind, host: row.host });
  });
  context.changed('brokers');
  return row;
}

/** Forgets a broker; its target must have been stopped before. */
export function deleteBroker(context: OperationContext, brokerId: string): void {
  const { name } = requireBroker(context, brokerId);
  context.vault.transaction(() => {
    context.vault.brokers.delete(brokerId);
    audit(context, 'broker.delete', brokerId, { name });
  });
  context.changed('brokers');
}

/** What was seen of a broker when it was looked at last; the push on it, if one is open. */
export type BrokerRuntimeView = Pick<
  Broker,
  'state' | 'version' | 'notices' | 'lookedAt' | 'problem' | 'driftedFiles' | 'unfinishedPush' | 'access'
>;

export function viewBroker(context: OperationContext, row: BrokerRow, runtime: BrokerRuntimeView): Broker {
  const certificate = row.certificateSerialNumber && context.vault.certificates.get(row.certificateSerialNumber);
  return {
    brokerId: row.brokerId,
    name: row.name,
    target: row.target,
    profile: row.profile,
    host: row.host,
    subjectAltNames: [...row.subjectAltNames],
    ports: row.ports,
    certificateExpiresAt: certificate ? certificate.notAfter : null,
    lastPushedAt: row.lastPushedAt,
    pushPending: row.lastPushDigest !== null && row.lastPushDigest !== registerDigest(context, row),
    crlNextUpdate: row.crlNextUpdate,
    ...runtime,
  };
}

/** Where the console itself finds the broker: one that runs on this machine has a name that plants use, perhaps not here. */
export function reachableHost({ target, host }: Pick<BrokerRow, 'target' | 'host'>): string {
  switch (target.kind) {
    case 'process':
    case 'practice':
      return '127.0.0.1';
    case 'ssh':
      return host;
    case 'docker':
      return target.engine.kind === 'tcp' ? host : '127.0.0.1';
  }
}

/**
 * Where a plant of this auth method connects to: the broker named, else the first that was registered,
 * else this machine's local listeners, so that a package can be made before any broker is entered.
 */
export function brokerAddress(
  context: OperationContext,
  authMethod: AuthMethod,
  brokerId?: string,
): { readonly host: string; readonly port: number } {
  const broker = brokerId ? requireBroker(context, brokerId) : context.vault.brokers.list()[0];
  const ports = broker?.ports ?? localPorts;
  const host = broker?.host ?? 'localhost';
  switch (authMethod) {
    case 'MTLS':
      return { host, port: ports.mtls };
    case 'PASSWORD':
      return { host, port: ports.password };
    case 'TOKEN':
      return { host, port: ports.token };
  }
}
