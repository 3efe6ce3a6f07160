import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PracticePlant } from '../../../shared/model/practice.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type PracticeStore = {
  readonly practice: Snapshot<PracticePlant>;
  refresh(): Promise<void>;
  stop(): Promise<void>;
  reset(): void;
};

export const createPracticeStore = (client: ConsoleClient): StoreApi<PracticeStore> =>
  createStore<PracticeStore>((set) => ({
    practice: waiting,
    refresh: coalesce(async () => set({ practice: await ask(() => client.practice.get()) })),
    stop: async () => set({ practice: { status: 'ready', value: await client.practice.stop() } }),
    reset: () => set({ practice: waiting }),
  }));
