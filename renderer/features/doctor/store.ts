import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Connection, Diagnosis, DiagnosisPermissions } from '../../../shared/model/doctor.ts';
import type { PlantId } from '../../../shared/model/plant.ts';
import { type Failure, toFailure } from '../../failure.ts';
import type { ConsoleClient } from '../../transport.ts';

/** Whose connection: a plant's as its device has it, or one by parameters as they were entered. */
export type Asked =
  | { readonly kind: 'plant'; readonly plantId: PlantId }
  | { readonly kind: 'connection'; readonly connection: Partial<Connection> & Pick<Connection, 'host' | 'port'> };

export type DoctorStore = {
  /** The one that was asked for last, as far as it has come. */
  readonly diagnosis: Diagnosis | null;
  /** It could not be begun, or not be followed to its end. */
  readonly failure: Failure | null;
  readonly isBusy: boolean;
  examine(asked: Asked, permissions: DiagnosisPermissions): Promise<void>;
  reset(): void;
};

export const createDoctorStore = (client: ConsoleClient): StoreApi<DoctorStore> =>
  createStore<DoctorStore>((set, get) => ({
    diagnosis: null,
    failure: null,
    isBusy: false,
    examine: async (asked, permissions) => {
      if (get().isBusy) return;
      set({ isBusy: true, failure: null, diagnosis: null });
      try {
        const { diagnosisId } =
          asked.kind === 'plant'
            ? await client.doctor.diagnosePlant({ plantId: asked.plantId, ...permissions })
            : await client.doctor.diagnose({ connection: asked.connection, ...permissions });
        for await (const diagnosis of await client.doctor.watch({ diagnosisId })) set({ diagnosis });
      } catch (error) {
        set({ failure: toFailure(error) });
      } finally {
        set({ isBusy: false });
      }
    },
    reset: () => set({ diagnosis: null, failure: null, isBusy: false }),
  }));
