import type { AuthMethod, PlantId, PlantStatus } from '../../../shared/model/plant.ts';
import type { Timestamp } from './timestamp.ts';

export type PlantRow = {
  readonly plantId: PlantId;
  readonly name: string;
  readonly site: string | null;
  readonly authMethod: AuthMethod;
  readonly username: string;
  readonly status: PlantStatus;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
  readonly lastSeenAt: Timestamp | null;
  /** When its access was withdrawn; null unless it is REVOKED. */
  readonly revokedAt: Timestamp | null;
};

export type PlantFilter = {
  readonly status?: PlantStatus | undefined;
  readonly authMethod?: AuthMethod | undefined;
  /** Found in name, site, plant id or username, in any case. */
  readonly query?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
};

export type PlantTable = {
  /** Throws `plant/exists`, or `plant/username-taken` when another plant holds the username. */
  insert(row: PlantRow): void;
  get(plantId: PlantId): PlantRow | undefined;
  list(filter?: PlantFilter): { items: PlantRow[]; total: number };
  /** The first `limit` identifiers after `last`, in their order; the empty text comes before all. */
  ids(last: PlantId | '', limit: number): PlantId[];
  /** Throws `plant/username-taken` like insert. */
  update(
    plantId: PlantId,
    change: Partial<
      Pick<PlantRow, 'name' | 'site' | 'authMethod' | 'username' | 'status' | 'updatedAt' | 'lastSeenAt' | 'revokedAt'>
    >,
  ): void;
  delete(plantId: PlantId): void;
};

/** The one signing secret of each plant, kept as long as the plant: the monitor checks signatures with it. */
export type SigningSecretTable = {
  get(plantId: PlantId): string | undefined;
  set(plantId: PlantId, secret: string, at: Timestamp): void;
};

/** An identity that a broker must keep muted: something that was issued to it was withdrawn and might still be used. */
export type WithdrawalRow = {
  readonly plantId: PlantId;
  /** When the last of what was withdrawn ends by itself. */
  readonly withdrawnUntil: Timestamp;
};

export type WithdrawalTable = {
  /** A later end replaces an earlier one, never the other way round. */
  put(row: WithdrawalRow): void;
  get(plantId: PlantId): WithdrawalRow | undefined;
  /** What a revocation that was taken back had added is forgotten; null: there was nothing before. */
  putBack(plantId: PlantId, withdrawnUntil: Timestamp | null): void;
  /** Those that still count at this time; plants of theirs may be gone. */
  listAt(at: Timestamp): WithdrawalRow[];
};
