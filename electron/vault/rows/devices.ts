import type {
  DeviceFile,
  DeviceHostRole,
  DeviceRights,
  DeviceTransport,
  JumpHostAddress,
} from '../../../shared/model/device.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import type { Timestamp } from './timestamp.ts';

export type DeviceRow = {
  readonly plantId: PlantId;
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly authentication: 'password' | 'privateKey' | 'agent';
  /** Absolute directory on the device, normally `/etc/voke`. */
  readonly directory: string;
  readonly transport: DeviceTransport;
  readonly rights: DeviceRights;
  /** `user` or `user:group` of the MQTT client. */
  readonly owner: string | null;
  readonly restartCommand: string | null;
  /** The host that the connection goes through. */
  readonly jump: JumpHostAddress | null;
  readonly jumpHostKeyFingerprint: string | null;
  readonly allowsLegacyAlgorithms: boolean;
  /** SHA-256 of the confirmed host key in base64 without padding, as `ssh-keygen -lf` prints it after `SHA256:`. */
  readonly hostKeyFingerprint: string | null;
  readonly updatedAt: Timestamp;
};

export type DeviceTable = {
  get(plantId: PlantId): DeviceRow | undefined;
  list(): DeviceRow[];
  /** Those whose confirmed host key this is. */
  listByHostKey(fingerprint: string): DeviceRow[];
  /** `secret` is what the device is logged in to with, as JSON; undefined keeps the stored one. */
  put(row: DeviceRow, secret?: string): void;
  loginSecret(plantId: PlantId): string | undefined;
  pinHostKey(plantId: PlantId, role: DeviceHostRole, fingerprint: string, at: Timestamp): void;
  delete(plantId: PlantId): void;
};

/** What is known to lie on a plant's device. */
export type DeviceStateRow = {
  readonly plantId: PlantId;
  /**
   * read: the device told so. lost: it told that it holds nothing, and held a credential before.
   * uncertain: something began there whose end is not known; the rest is what was known before.
   */
  readonly outcome: 'read' | 'lost' | 'uncertain';
  /** When the device last told; null when it never did. */
  readonly seenAt: Timestamp | null;
  /** The plant's credential that lies there. */
  readonly credentialId: string | null;
  readonly files: readonly DeviceFile[];
  readonly certificateFingerprint: string | null;
  readonly previousKept: boolean;
  readonly previousCredentialId: string | null;
};

export type DeviceStateTable = {
  get(plantId: PlantId): DeviceStateRow | undefined;
  listForPlants(plantIds: readonly PlantId[]): DeviceStateRow[];
  put(row: DeviceStateRow): void;
};
