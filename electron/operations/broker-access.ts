// What the console needs to reach a broker's host over SSH: a login, kept sealed, and for each host on the way a key
// that the operator has compared and confirmed.

import type { BrokerAccess, HostRole, SshTargetSettings } from '../../shared/model/broker.ts';
import type { SshTargetSecret } from '../../shared/model/broker-login.ts';
import type { HostKey } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import { fetchHostKey } from '../remote/host-key.ts';
import type { BrokerRow } from '../vault/rows/brokers.ts';
import { requireBroker } from './brokers.ts';
import { audit, type OperationContext } from './context.ts';
import { hostKeyName, jumpOf, readSshSecret } from './ssh-way.ts';

/** Stores the login, sealed. Throws `input/invalid` for a broker that is not reached over SSH. */
export function setBrokerLogin(context: OperationContext, broker: BrokerRow, secret: SshTargetSecret): void {
  settingsOf(broker);
  context.vault.transaction(() => {
    context.vault.brokers.putTargetSecret(broker.brokerId, JSON.stringify(secret));
    audit(context, 'broker.access', broker.brokerId, { kind: 'ssh', authentication: secret.login.kind });
  });
  context.changed('brokers');
}

/**
 * The key that the host shows now, for the operator to compare. Nothing is sent to it; a jump host before it is logged
 * in to. Throws `input/invalid` for a host that is not on the way, `remote/host-key-unknown` while the jump host's key
 * is not confirmed, and what connecting throws.
 */
export async function readBrokerHostKey(
  context: OperationContext,
  broker: BrokerRow,
  role: HostRole,
): Promise<HostKey> {
  const settings = settingsOf(broker);
  const { host, port } = hostOf(settings, role);
  if (role === 'jump' || !settings.jump) return await fetchHostKey({ host, port });
  const secret = readSshSecret(context.vault.brokers.targetSecret(broker.brokerId));
  const jump = jumpOf(settings, secret, broker.hostKeys);
  return await fetchHostKey({ host, port, ...(jump && { jump }) });
}

/** `fingerprint`: as the operator saw and compared it. */
export function confirmBrokerHostKey(
  context: OperationContext,
  broker: BrokerRow,
  role: HostRole,
  fingerprint: string,
): BrokerRow {
  const { host, port } = hostOf(settingsOf(broker), role);
  context.vault.transaction(() => {
    const { hostKeys } = requireBroker(context, broker.brokerId);
    context.vault.brokers.update(broker.brokerId, {
      hostKeys: { ...hostKeys, [hostKeyName({ host, port })]: fingerprint },
    });
    audit(context, 'broker.confirm-host-key', broker.brokerId, { host, port, fingerprint });
  });
  context.changed('brokers');
  return requireBroker(context, broker.brokerId);
}

/** Null for a broker that is reached with nothing but its address. */
export function describeAccess({ vault }: OperationContext, broker: BrokerRow): BrokerAccess | null {
  const { target, hostKeys, brokerId } = broker;
  const hasLogin = vault.brokers.targetSecret(brokerId) !== undefined;
  if (target.kind === 'docker' && target.engine.kind === 'tcp') return { hasLogin, hostKeys: [] };
  if (target.kind !== 'ssh') return null;
  const roles: readonly HostRole[] = target.jump ? ['jump', 'broker'] : ['broker'];
  return {
    hasLogin,
    hostKeys: roles.map((role) => {
      const { host, port } = hostOf(target, role);
      return { role, host, port, confirmed: hostKeys[hostKeyName({ host, port })] ?? null };
    }),
  };
}

function settingsOf({ target }: BrokerRow): SshTargetSettings {
  if (target.kind === 'ssh') return target;
  throw new ConsoleError('input/invalid', {
    fields: [{ field: 'brokerId', message: 'must be a broker that is reached over SSH' }],
  });
}

function hostOf(settings: SshTargetSettings, role: HostRole): { readonly host: string; readonly port: number } {
  if (role === 'broker') return settings;
  if (settings.jump) return settings.jump;
  throw new ConsoleError('input/invalid', { fields: [{ field: 'role', message: 'this broker has no jump host' }] });
}
