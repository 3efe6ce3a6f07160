// New certificates for every plant that holds one by an old authority, beside the one in force. Each is stored by itself,
// so that a run which was cut off is simply begun again; who has got one is passed over.

import type { PlantRow } from '../vault/rows.ts';
import type { OperationContext } from './context.ts';
import { issueBeside } from './credential-lifecycle.ts';
import { plantProgress } from './rollover-progress.ts';
import type { StepRunner } from './steps.ts';

const plantsAStep = 50;
/** Keys are made on the thread pool. */
const atOnce = 4;

/** Throws what issuing throws; what was issued until then stays. `assertFree` throws where something is being brought. */
export async function renewPlants(
  context: OperationContext,
  step: StepRunner,
  assertFree: (plantId: PlantRow['plantId']) => void,
): Promise<void> {
  const plants = await step('Find who holds an old certificate', async () =>
    (await plantProgress(context)).filter(({ needs }) => needs === 'certificate').map(({ plant }) => plant),
  );
  for (let start = 0; start < plants.length; start += plantsAStep) {
    const batch = plants.slice(start, start + plantsAStep);
    await step(`Issue to plants ${start + 1} to ${start + batch.length} of ${plants.length}`, async () => {
      const waiting = batch.values();
      const worker = async () => {
        for (const { plantId } of waiting) {
          assertFree(plantId);
          await issueBeside(context, plantId);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
    });
  }
}
