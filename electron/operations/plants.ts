import { randomUUID } from 'node:crypto';
import { ConsoleError } from '../../shared/model/errors.ts';
import { mqttUsername, type Plant, type PlantId, type PlantInput, plantIdSchema } from '../../shared/model/plant.ts';
import type { Credential, CredentialState } from '../../shared/model/provisioning.ts';
import type { CredentialRow } from '../vault/rows/credentials.ts';
import type { DeviceStateRow } from '../vault/rows/devices.ts';
import type { PlantFilter, PlantRow } from '../vault/rows/plants.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { deploymentStateOf } from './deployment-state.ts';
import { closeRevocation } from './open-revocations.ts';

/** States in which a credential may still let somebody in. */
export const liveStates: readonly CredentialState[] = ['issued', 'deployed', 'active'];

/** Throws `plant/not-found`. */
export function requirePlant({ vault }: OperationContext, plantId: PlantId): PlantRow {
  const plant = vault.plants.get(plantId);
  if (!plant) throw new ConsoleError('plant/not-found', { details: { plantId } });
  return plant;
}

export const liveCredentials = ({ vault }: OperationContext, plantId: PlantId): CredentialRow[] =>
  vault.credentials.listForPlant(plantId).filter(({ state }) => liveStates.includes(state));

/** The plant as a window or program sees it, with the end of the credential in force, or of the newest one that may come into force. */
export const viewPlant = (context: OperationContext, row: PlantRow): Plant =>
  toView(
    row,
    liveCredentials(context, row.plantId),
    context.vault.deviceStates.get(row.plantId),
    context.vault.openRevocations.get(row.plantId) !== undefined,
  );

/** The same for many plants, with three questions to the vault however many they are. */
export function viewPlants({ vault }: OperationContext, rows: readonly PlantRow[]): Plant[] {
  const plantIds = rows.map(({ plantId }) => plantId);
  const live = Map.groupBy(
    vault.credentials.listForPlants(plantIds).filter(({ state }) => liveStates.includes(state)),
    ({ plantId }) => plantId,
  );
  const known = new Map(vault.deviceStates.listForPlants(plantIds).map((state) => [state.plantId, state]));
  const open = new Set(vault.openRevocations.list().map(({ plantId }) => plantId));
  return rows.map((row) => toView(row, live.get(row.plantId) ?? [], known.get(row.plantId), open.has(row.plantId)));
}

function toView(
  row: PlantRow,
  live: readonly CredentialRow[],
  known: DeviceStateRow | undefined,
  revocationIsOpen: boolean,
): Plant {
  const relevant = live.find(({ state }) => state === 'active') ?? live[0];
  return {
    ...row,
    credentialExpiresAt: relevant?.expiresAt ?? null,
    credentialWaits: live[0]?.secretsAvailable ?? false,
    revocationIsOpen,
    heardAfterRevocation: row.revokedAt !== null && row.lastSeenAt !== null && row.lastSeenAt > row.revokedAt,
    deployment: deploymentStateOf(live, known),
  };
}

export function viewCredential(row: CredentialRow): Credential {
  const { passwordHash: _hash, handedOverAt: _handedOverAt, brokerId: _broker, ...view } = row;
  return view;
}

/** Throws `plant/exists` and `plant/username-taken`. */
export function addPlant(context: OperationContext, input: PlantInput): Plant {
  const row = newPlantRow({ ...input, plantId: input.plantId ?? newPlantId() }, timestamp(context));
  context.vault.transaction(() => insertPlant(context, row));
  context.changed('plants');
  return viewPlant(context, row);
}

export const newPlantId = (): PlantId => plantIdSchema.parse(randomUUID());

export const newPlantRow = (
  { plantId, name, site, authMethod }: PlantInput & { readonly plantId: PlantId },
  now: string,
): PlantRow => ({
  plantId,
  name,
  site: site ?? null,
  authMethod,
  username: mqttUsername(plantId, authMethod),
  status: 'PENDING',
  createdAt: now,
  updatedAt: now,
  lastSeenAt: null,
  revokedAt: null,
});

/** Inside a transaction. Throws like `addPlant`. */
export function insertPlant(context: OperationContext, row: PlantRow): void {
  context.vault.plants.insert(row);
  audit(context, 'plant.add', row.plantId, { name: row.name, site: row.site, authMethod: row.authMethod });
}

export const getPlant = (context: OperationContext, plantId: PlantId): Plant =>
  viewPlant(context, requirePlant(context, plantId));

export function listPlants(context: OperationContext, filter: PlantFilter): { items: Plant[]; total: number } {
  const { items, total } = context.vault.plants.list(filter);
  return { items: viewPlants(context, items), total };
}

type PlantChange = { readonly [Key in 'name' | 'site' | 'authMethod']?: PlantInput[Key] | undefined };

/** Throws `plant/has-credentials` when the auth method would change under a credential that could still connect. */
export function updatePlant(context: OperationContext, plantId: PlantId, change: PlantChange): Plant {
  const plant = requirePlant(context, plantId);
  const authMethod = change.authMethod ?? plant.authMethod;
  if (authMethod !== plant.authMethod && liveCredentials(context, plantId).length > 0) {
    throw new ConsoleError('plant/has-credentials', { details: { plantId } });
  }
  context.vault.transaction(() => {
    // What would come back with a revocation that is taken back was of the other method.
    if (authMethod !== plant.authMethod) closeRevocation(context, plantId);
    context.vault.plants.update(plantId, {
      name: change.name ?? plant.name,
      site: change.site === undefined ? plant.site : change.site,
      authMethod,
      username: mqttUsername(plantId, authMethod),
      updatedAt: timestamp(context),
    });
    audit(context, 'plant.update', plantId, { ...change });
  });
  context.changed('plants');
  return getPlant(context, plantId);
}

/** Throws `plant/has-credentials` while anything issued to it could still connect. */
export function deletePlant(context: OperationContext, plantId: PlantId): undefined {
  const plant = requirePlant(context, plantId);
  if (liveCredentials(context, plantId).length > 0) {
    throw new ConsoleError('plant/has-credentials', { details: { plantId } });
  }
  context.vault.transaction(() => {
    context.vault.plants.delete(plantId);
    audit(context, 'plant.delete', plantId, { name: plant.name });
  });
  context.changed('plants');
}

export function listCredentials(context: OperationContext, plantId: PlantId): Credential[] {
  requirePlant(context, plantId);
  return context.vault.credentials.listForPlant(plantId).map(viewCredential);
}
