import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AlertOverview } from '../../../shared/model/alert.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type AlertsStore = {
  readonly overview: Snapshot<AlertOverview>;
  refresh(): Promise<void>;
  reset(): void;
};

export const createAlertsStore = (client: ConsoleClient): StoreApi<AlertsStore> =>
  createStore<AlertsStore>((set) => ({
    overview: waiting,
    refresh: coalesce(async () => set({ overview: await ask(() => client.alerts.get()) })),
    reset: () => set({ overview: waiting }),
  }));
