import type { PlantId } from '../../shared/model/plant.ts';
import { audit, type OperationContext, timestamp } from './context.ts';
import { activatePlant } from './credential-lifecycle.ts';
import { liveCredentials } from './plants.ts';

/**
 * A plant was heard on its own topics. The first session of a PENDING plant whose secrets were handed over
 * makes it ACTIVE; a rotated plant is not judged here, since its message may come over the old credential.
 * Unknown plants are left alone.
 */
export async function noteSession(context: OperationContext, plantId: PlantId): Promise<void> {
  const plant = context.vault.plants.get(plantId);
  if (!plant) return;
  context.vault.plants.update(plantId, { lastSeenAt: timestamp(context) });
  const [newest] = liveCredentials(context, plantId);
  if (plant.status === 'PENDING' && newest?.state === 'deployed') await activatePlant(context, plantId, 'session');
  if (plant.status === 'REVOKED') audit(context, 'plant.heard-after-revocation', plantId);
  context.changed('plants');
}
