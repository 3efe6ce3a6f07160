import { createStore, type StoreApi } from 'zustand/vanilla';
import type { OfflineBundle } from '../../../../shared/model/offline.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../../app/snapshot.ts';
import type { ConsoleClient } from '../../../transport.ts';

export type OfflineStore = {
  /** What left on a stick, newest first. */
  readonly bundles: Snapshot<readonly OfflineBundle[]>;
  refresh(): Promise<void>;
  reset(): void;
};

export const createOfflineStore = (client: ConsoleClient): StoreApi<OfflineStore> =>
  createStore<OfflineStore>((set) => ({
    bundles: waiting,
    refresh: coalesce(async () => {
      set({ bundles: await ask(() => client.offline.listBundles({})) });
    }),
    reset: () => set({ bundles: waiting }),
  }));
