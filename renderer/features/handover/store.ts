// The records that were made.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Handover } from '../../../shared/model/handover.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type HandoversStore = {
  /** Newest first. */
  readonly list: Snapshot<readonly Handover[]>;
  refresh(): Promise<void>;
  reset(): void;
};

export const createHandoversStore = (client: ConsoleClient): StoreApi<HandoversStore> =>
  createStore<HandoversStore>((set) => ({
    list: waiting,
    refresh: coalesce(async () => set({ list: await ask(() => client.handovers.list()) })),
    reset: () => set({ list: waiting }),
  }));
