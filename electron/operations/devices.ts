import type { Device, DeviceInput, DeviceLogin, HostKey } from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { connect, type RemoteAuthentication } from '../remote/connect.ts';
import { fetchHostKey } from '../remote/host-key.ts';
import type { RemoteSession } from '../remote/session.ts';
import type { DeviceRow } from '../vault/rows.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { requirePlant } from './plants.ts';

export const getDevice = (context: OperationContext, plantId: PlantId): Device | null => {
  requirePlant(context, plantId);
  return context.vault.devices.get(plantId) ?? null;
};

/** Throws `device/not-found`. */
export function requireDevice(context: OperationContext, plantId: PlantId): DeviceRow {
  const device = getDevice(context, plantId);
  if (!device) throw new ConsoleError('device/not-found', { details: { plantId } });
  return device;
}

const loginSecret = (login: DeviceLogin): string | undefined => {
  switch (login.kind) {
    case 'password':
      return login.password;
    case 'privateKey':
      return login.privateKeyPem;
    case 'agent':
      return undefined;
  }
};

/** Stores where the device is. A new address forgets the confirmed host key: it belongs to the old one. */
export function putDevice(context: OperationContext, plantId: PlantId, input: DeviceInput): Device {
  requirePlant(context, plantId);
  const { login, ...address } = input;
  const known = context.vault.devices.get(plantId);
  // A stored login goes where it was meant for, and nowhere else: whoever names another place gives it anew.
  const samePlace = known?.host === address.host && known.port === address.port && known.username === address.username;
  const authentication = login?.kind ?? (samePlace ? known.authentication : undefined);
  if (!authentication) {
    throw new ConsoleError('input/invalid', {
      fields: [{ field: 'device.login', message: 'is needed for a new address or user' }],
    });
  }
  const sameAddress = known?.host === address.host && known.port === address.port;
  context.vault.transaction(() => {
    context.vault.devices.put(
      {
        plantId,
        ...address,
        authentication,
        hostKeyFingerprint: sameAddress ? known.hostKeyFingerprint : null,
        updatedAt: timestamp(context),
      },
      login && loginSecret(login),
    );
    audit(context, 'device.put', plantId, { ...address, authentication });
  });
  context.changed('devices');
  return requireDevice(context, plantId);
}

/** What the device shows now, for the operator to compare. */
export async function readHostKey(context: OperationContext, plantId: PlantId): Promise<HostKey> {
  const { host, port } = requireDevice(context, plantId);
  return await fetchHostKey({ host, port });
}

export function confirmHostKey(context: OperationContext, plantId: PlantId, fingerprint: string): Device {
  requireDevice(context, plantId);
  context.vault.transaction(() => {
    context.vault.devices.pinHostKey(plantId, fingerprint, timestamp(context));
    audit(context, 'device.confirm-host-key', plantId, { fingerprint });
  });
  context.changed('devices');
  return requireDevice(context, plantId);
}

/** Logs in to the plant's device. Throws `device/not-found`, `remote/host-key-unknown` and what connecting throws. */
export async function connectToDevice(context: OperationContext, plantId: PlantId): Promise<RemoteSession> {
  const { host, port, username, authentication, hostKeyFingerprint } = requireDevice(context, plantId);
  if (!hostKeyFingerprint) throw new ConsoleError('remote/host-key-unknown', { details: { host, port } });
  return await connect({
    host,
    port,
    username,
    authentication: openLogin(authentication, context.vault.devices.loginSecret(plantId)),
    hostKey: { kind: 'pinned', fingerprint: hostKeyFingerprint },
  });
}

function openLogin(authentication: DeviceRow['authentication'], secret: string | undefined): RemoteAuthentication {
  switch (authentication) {
    case 'password':
      return { kind: 'password', password: secret ?? '' };
    case 'privateKey':
      return { kind: 'privateKey', privateKeyPem: secret ?? '' };
    case 'agent':
      return { kind: 'agent', socketPath: process.env.SSH_AUTH_SOCK ?? 'pageant' };
  }
}
