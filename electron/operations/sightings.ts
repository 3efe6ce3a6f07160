import type { PlantId } from '../../shared/model/plant.ts';
import { audit, type OperationContext } from './context.ts';
import { liveCredentials } from './plants.ts';

/** `at`: when the plant was heard, in Unix milliseconds. */
export type Sighting = { readonly plantId: PlantId; readonly at: number };

/**
 * Writes down that plants were heard, in one transaction. Answers those that `activatePlant` is to make ACTIVE: for a
 * PENDING plant whose secrets were handed over it was the first session. A rotated plant is not judged here, since its
 * message may come over the old credential. Unknown plants are left alone.
 */
export function noteSightings(context: OperationContext, sightings: readonly Sighting[]): PlantId[] {
  const { plants } = context.vault;
  const begun = context.vault.transaction(() =>
    sightings.filter(({ plantId, at }) => {
      const plant = plants.get(plantId);
      if (!plant) return false;
      const heardAt = new Date(at).toISOString();
      if (plant.lastSeenAt === null || plant.lastSeenAt < heardAt) plants.update(plantId, { lastSeenAt: heardAt });
      const isLate = plant.status === 'REVOKED' && (plant.revokedAt ?? '') < heardAt;
      if (isLate) audit(context, 'plant.heard-after-revocation', plantId);
      return plant.status === 'PENDING' && liveCredentials(context, plantId)[0]?.state === 'deployed';
    }),
  );
  context.changed('plants');
  return begun.map(({ plantId }) => plantId);
}
