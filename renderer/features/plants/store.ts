import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuthMethod, Plant, PlantStatus } from '../../../shared/model/plant.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type PlantFilter = {
  readonly query: string;
  readonly status: PlantStatus | null;
  readonly authMethod: AuthMethod | null;
};
export type PlantList = { readonly items: readonly Plant[]; readonly total: number };

export const noFilter: PlantFilter = { query: '', status: null, authMethod: null };
const pageSize = 1000;

export type PlantsStore = {
  /** The plants that pass the filter. */
  readonly list: Snapshot<PlantList>;
  /** The register without a filter: what counts, names and expiries are taken from. */
  readonly register: Snapshot<PlantList>;
  readonly filter: PlantFilter;
  setFilter(filter: PlantFilter): void;
  refresh(): Promise<void>;
  reset(): void;
};

export const createPlantsStore = (client: ConsoleClient): StoreApi<PlantsStore> =>
  createStore<PlantsStore>((set, get) => {
    const fetchAll = async ({ query, status, authMethod }: PlantFilter): Promise<PlantList> => {
      const items: Plant[] = [];
      for (;;) {
        const page = await client.plants.list({
          limit: pageSize,
          offset: items.length,
          ...(query.trim() && { query: query.trim() }),
          ...(status && { status }),
          ...(authMethod && { authMethod }),
        });
        items.push(...page.items);
        if (items.length >= page.total || page.items.length === 0) return { items, total: page.total };
      }
    };
    const refreshList = coalesce(async () => {
      const { filter } = get();
      const isFiltered = filter.query.trim() !== '' || filter.status !== null || filter.authMethod !== null;
      if (!isFiltered) return set({ list: get().register });
      set({ list: await ask(() => fetchAll(filter)) });
    });
    return {
      list: waiting,
      register: waiting,
      filter: noFilter,
      setFilter: (filter) => {
        set({ filter });
        void refreshList();
      },
      refresh: coalesce(async () => {
        set({ register: await ask(() => fetchAll(noFilter)) });
        await refreshList();
      }),
      reset: () => set({ list: waiting, register: waiting, filter: noFilter }),
    };
  });
