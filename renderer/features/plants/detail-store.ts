import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Device } from '../../../shared/model/device.ts';
import type { DeviceStateView } from '../../../shared/model/device-state.ts';
import type { Plant, PlantId, PlantPresence } from '../../../shared/model/plant.ts';
import type { Credential } from '../../../shared/model/provisioning.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

/** One plant, opened: what its tabs show. */
export type PlantDetailStore = {
  readonly plantId: PlantId | null;
  readonly plant: Snapshot<Plant>;
  /** Newest first. */
  readonly credentials: Snapshot<readonly Credential[]>;
  readonly device: Snapshot<Device | null>;
  /** What its device was last seen to hold. */
  readonly deviceState: Snapshot<DeviceStateView>;
  /** Only while it is shown. */
  readonly presence: Snapshot<PlantPresence>;
  open(plantId: PlantId): void;
  refresh(): Promise<void>;
  refreshPresence(): Promise<void>;
  reset(): void;
};

const nothing = { plant: waiting, credentials: waiting, device: waiting, deviceState: waiting, presence: waiting };

export const createPlantDetailStore = (client: ConsoleClient): StoreApi<PlantDetailStore> =>
  createStore<PlantDetailStore>((set, get) => {
    const refresh = coalesce(async () => {
      const { plantId } = get();
      if (!plantId) return;
      const [plant, credentials, device, deviceState] = await Promise.all([
        ask(() => client.plants.get({ plantId })),
        ask(async () =>
          (await client.plants.credentials({ plantId })).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)),
        ),
        ask(() => client.plants.getDevice({ plantId })),
        ask(() => client.plants.deviceState({ plantId })),
      ]);
      if (get().plantId === plantId) set({ plant, credentials, device, deviceState });
    });
    return {
      plantId: null,
      ...nothing,
      open: (plantId) => {
        if (get().plantId !== plantId) set({ plantId, ...nothing });
        void refresh();
      },
      refresh,
      refreshPresence: coalesce(async () => {
        const { plantId } = get();
        if (!plantId) return;
        const presence = await ask(() => client.plants.presence({ plantId }));
        if (get().plantId === plantId) set({ presence });
      }),
      reset: () => set({ plantId: null, ...nothing }),
    };
  });
