// The register of devices. A stored login goes where it was given for, and nowhere else: whoever names another place gives
// it anew. A place is an address, a user and the jump host behind which that address is meant.

import {
  type Device,
  type DeviceInput,
  type DeviceSecret,
  deviceSecretSchema,
  type JumpHostAddress,
} from '../../shared/model/device.ts';
import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import type { DeviceRow } from '../vault/rows/devices.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { requirePlant } from './plants.ts';

/** Throws `device/not-found`. */
export function requireDevice(context: OperationContext, plantId: PlantId): DeviceRow {
  requirePlant(context, plantId);
  const device = context.vault.devices.get(plantId);
  if (!device) throw new ConsoleError('device/not-found', { details: { plantId } });
  return device;
}

/** What the device is logged in to with. Throws `vault/damaged` when what is stored cannot be read. */
export function storedSecret({ vault }: OperationContext, plantId: PlantId): DeviceSecret {
  const parsed = deviceSecretSchema.safeParse(JSON.parse(vault.devices.loginSecret(plantId) ?? 'null'));
  if (parsed.success) return parsed.data;
  throw new ConsoleError('vault/damaged', { because: 'the login of a device cannot be read' });
}

/** Null while the plant has no device. */
export function getDevice(context: OperationContext, plantId: PlantId): Device | null {
  requirePlant(context, plantId);
  return context.vault.devices.get(plantId) ? viewDevice(context, plantId) : null;
}

/** Throws `device/not-found`. */
export function viewDevice(context: OperationContext, plantId: PlantId): Device {
  const device = requireDevice(context, plantId);
  const { rightsPassword, jumpLogin } = storedSecret(context, plantId);
  return {
    ...device,
    hasRightsPassword: rightsPassword !== undefined,
    jumpAuthentication: jumpLogin?.kind ?? null,
    sharesHostKeyWith: othersWithItsKey(context, device),
  };
}

function othersWithItsKey({ vault }: OperationContext, device: DeviceRow): PlantId[] {
  if (device.hostKeyFingerprint === null) return [];
  return vault.devices
    .listByHostKey(device.hostKeyFingerprint)
    .filter((other) => !isSameAddress(device, other))
    .map(({ plantId }) => plantId);
}

/** Stores where the device is. A new address forgets the confirmed host key: it belongs to the old one. */
export function putDevice(context: OperationContext, plantId: PlantId, input: DeviceInput): void {
  requirePlant(context, plantId);
  const { login, jumpLogin, rightsPassword, ...settings } = input;
  const known = context.vault.devices.get(plantId);
  const secret = nextSecret(input, known && { device: known, secret: storedSecret(context, plantId) });
  const authentication = secret.login.kind;
  context.vault.transaction(() => {
    context.vault.devices.put(
      {
        plantId,
        ...settings,
        authentication,
        hostKeyFingerprint: known && isSameAddress(known, input) ? known.hostKeyFingerprint : null,
        jumpHostKeyFingerprint: known && isSameHost(known.jump, input.jump) ? known.jumpHostKeyFingerprint : null,
        updatedAt: timestamp(context),
      },
      JSON.stringify(secret),
    );
    const jump = settings.jump && `${settings.jump.username}@${settings.jump.host}:${settings.jump.port}`;
    audit(context, 'device.put', plantId, { ...settings, jump, authentication });
  });
  context.changed('devices');
}

/** What was given, and of what is stored all that stays at the place it was given for. */
function nextSecret(
  input: DeviceInput,
  known: { readonly device: DeviceRow; readonly secret: DeviceSecret } | undefined,
): DeviceSecret {
  const isSamePlace =
    known && isSameAddress(known.device, input) && known.device.username === input.username ? known : undefined;
  const isSameJump =
    known && isSameHost(known.device.jump, input.jump) && known.device.jump?.username === input.jump?.username;

  const login = input.login ?? isSamePlace?.secret.login;
  if (!login) throw isNeeded('login', 'is needed for a new address or user');
  // Without a login of its own the jump host takes the device's: a stored one was not given for a new jump host.
  const jumpLogin = input.jump ? (input.jumpLogin ?? (isSameJump ? known?.secret.jumpLogin : undefined)) : undefined;
  if (input.jump && !jumpLogin && !input.login && !isSameJump)
    throw isNeeded('jumpLogin', 'is needed for a new jump host');
  const rightsPassword =
    input.rights === 'sudo' ? (input.rightsPassword ?? isSamePlace?.secret.rightsPassword) : undefined;
  return { login, ...(jumpLogin && { jumpLogin }), ...(rightsPassword !== undefined && { rightsPassword }) };
}

const isNeeded = (field: string, message: string): ConsoleError =>
  new ConsoleError('input/invalid', { fields: [{ field: `device.${field}`, message }] });

type Place = { readonly host: string; readonly port: number };

const isSameHost = (one: Place | null, other: Place | null): boolean =>
  one?.host === other?.host && one?.port === other?.port;

/** Behind another jump host the same address may be another device. */
const isSameAddress = (
  one: Place & { readonly jump: JumpHostAddress | null },
  other: Place & { readonly jump: JumpHostAddress | null },
): boolean => isSameHost(one, other) && isSameHost(one.jump, other.jump);
