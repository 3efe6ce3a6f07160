import { randomUUID } from 'node:crypto';
import type { Broker, BrokerInput, ListenerPorts } from '../../shared/model/broker.ts';
import { localPorts } from '../../shared/model/broker.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { AuthMethod } from '../../shared/model/plant.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { registerDigest } from './broker-files.ts';
import { audit, type OperationContext, timestamp } from './context.ts';

/** Throws `broker/not-found`. */
export function requireBroker({ vault }: OperationContext, brokerId: string): BrokerRow {
  const broker = vault.brokers.get(brokerId);
  if (!broker) throw new ConsoleError('broker/not-found', { details: { brokerId } });
  return broker;
}

/** Throws `broker/exists` for a name in use, `input/invalid` for two listeners on one port, and for a target that has none of these. */
export function addBroker(context: OperationContext, input: BrokerInput): BrokerRow {
  const ports = Object.values(input.ports);
  if (new Set(ports).size < ports.length) {
    throw new ConsoleError('input/invalid', { fields: [{ field: 'ports', message: 'must be different ports' }] });
  }
  if (input.profile === 'plantops' && input.target.kind === 'practice') {
    throw new ConsoleError('input/invalid', {
      fields: [{ field: 'profile', message: 'the practice broker has TLS listeners only' }],
    });
  }
  const row: BrokerRow = {
    ...input,
    brokerId: randomUUID(),
    certificateSerialNumber: null,
    createdAt: timestamp(context),
    lastPushedAt: null,
    lastPushDigest: null,
    crlNextUpdate: null,
    hostKeys: {},
  };
  context.vault.transaction(() => {
    context.vault.brokers.insert(row);
    audit(context, 'broker.add', row.brokerId, {
      name: row.name,
      target: row.target.kind,
      profile: row.profile,
      host: row.host,
    });
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
  const { certificateSerialNumber, createdAt: _createdAt, lastPushDigest, hostKeys: _hostKeys, ...shown } = row;
  const certificate = certificateSerialNumber && context.vault.certificates.get(certificateSerialNumber);
  return {
    ...shown,
    subjectAltNames: [...row.subjectAltNames],
    certificateExpiresAt: certificate ? certificate.notAfter : null,
    pushPending: lastPushDigest !== null && lastPushDigest !== registerDigest(context, row),
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

/** Where a plant connects to, and whether it speaks TLS there. */
export type PlantAddress = { readonly host: string; readonly port: number; readonly useTls: boolean };

/**
 * Where a plant of this auth method connects to: the broker named, else the first registered one that takes it, else,
 * while there is none at all, this machine's local listeners, so that a package can be made before any broker is entered.
 * Throws `broker/not-found`, and `broker/passwords-only` where no broker takes it.
 */
export function brokerAddress(context: OperationContext, authMethod: AuthMethod, brokerId?: string): PlantAddress {
  const candidates = brokerId ? [requireBroker(context, brokerId)] : context.vault.brokers.list();
  if (candidates.length === 0) return { host: 'localhost', port: vokePort(localPorts, authMethod), useTls: true };
  const broker = candidates.find((candidate) => takesMethod(candidate, authMethod));
  if (!broker) throw new ConsoleError('broker/passwords-only', { details: { authMethod } });
  const { host } = broker;
  switch (broker.profile) {
    case 'voke':
      return { host, port: vokePort(broker.ports, authMethod), useTls: true };
    case 'plantops':
      return { host, port: broker.ports.mqtt, useTls: false };
  }
}

/** Whether a plant of this auth method can connect there at all. */
export const takesMethod = ({ profile }: Pick<BrokerRow, 'profile'>, authMethod: AuthMethod): boolean =>
  profile === 'voke' || authMethod === 'PASSWORD';

function vokePort(ports: ListenerPorts, authMethod: AuthMethod): number {
  switch (authMethod) {
    case 'MTLS':
      return ports.mtls;
    case 'PASSWORD':
      return ports.password;
    case 'TOKEN':
      return ports.token;
  }
}
