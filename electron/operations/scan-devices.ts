// Reads again what lies on devices: some lose their files in a factory reset or a firmware update, and nobody tells.

import { ConsoleError } from '../../shared/model/errors.ts';
import type { PlantId } from '../../shared/model/plant.ts';
import { Turns } from '../platform/turns.ts';
import type { DeviceRow } from '../vault/rows/devices.ts';
import { audit, type OperationContext } from './context.ts';
import { requireDevice } from './devices.ts';
import { requirePlant } from './plants.ts';
import { lookAtDevice } from './roll-back-device.ts';
import type { StepRunner } from './steps.ts';

const atOnce = 16;
/** Devices a step of the progress bar. */
const batchSize = 100;

export const scanSteps = (devices: number): number => Math.ceil(devices / batchSize);

/** The devices of these plants, or all. Throws `plant/not-found`, `device/not-found`. */
export const devicesToScan = (context: OperationContext, plantIds: readonly PlantId[] | undefined): DeviceRow[] =>
  plantIds === undefined ? context.vault.devices.list() : plantIds.map((plantId) => requireDevice(context, plantId));

/**
 * Looks at each device; one that cannot be read becomes a failed step and stops nobody. `reserve` keeps a device from
 * being changed meanwhile; one that is being changed already is left out.
 */
export async function scanDevices(
  context: OperationContext,
  devices: readonly DeviceRow[],
  step: StepRunner,
  reserve: (plantId: PlantId) => () => void,
): Promise<void> {
  const all = new Turns(atOnce);
  const found = { read: 0, lost: 0, failed: 0 };

  const scan = async ({ plantId }: DeviceRow): Promise<void> => {
    try {
      const { outcome } = await all.run(() => lookReserved(context, plantId, reserve));
      found[outcome === 'lost' ? 'lost' : 'read'] += 1;
    } catch (error) {
      if (error instanceof ConsoleError && error.code === 'vault/locked') throw error;
      found.failed += 1;
      await step(nameOf(context, plantId), () => Promise.reject(error)).catch(() => {});
    }
  };
  for (let first = 0; first < devices.length; first += batchSize) {
    const batch = devices.slice(first, first + batchSize);
    await step(`Devices ${first + 1} to ${first + batch.length} of ${devices.length}`, async () => {
      await Promise.all(batch.map(scan));
    });
  }
  audit(context, 'devices.scan', 'devices', found);
}

async function lookReserved(context: OperationContext, plantId: PlantId, reserve: (plantId: PlantId) => () => void) {
  const release = reserve(plantId);
  try {
    return await lookAtDevice(context, plantId);
  } finally {
    release();
  }
}

const nameOf = (context: OperationContext, plantId: PlantId): string => requirePlant(context, plantId).name;
