// Every plant as the console's core tells of it. It tells what changed, once a second at most; this window keeps the rest.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { FleetBroker, FleetFrame, FleetPlant } from '../../../shared/model/fleet.ts';
import { ask } from '../../app/snapshot.ts';
import { type Failure, toFailure } from '../../failure.ts';
import type { ConsoleClient } from '../../transport.ts';
import { type FleetFilter, noFilter } from './filter.ts';

export type FleetStore = {
  readonly plants: readonly FleetPlant[];
  readonly brokers: readonly FleetBroker[];
  /** Plants of the register; null before the first frame. */
  readonly total: number | null;
  /** Milliseconds that the console's clock is ahead of this window's. */
  readonly clockAhead: number;
  readonly failure: Failure | null;
  readonly filter: FleetFilter;
  setFilter(change: Partial<FleetFilter>): void;
  /** Looks at the fleet; answers how to stop that. */
  show(): () => void;
  /** Has the console listen to all brokers. */
  listen(): Promise<void>;
  reset(): void;
};

const empty = { plants: [], brokers: [], total: null, clockAhead: 0, failure: null };

export const createFleetStore = (client: ConsoleClient): StoreApi<FleetStore> =>
  createStore<FleetStore>((set) => {
    let watching: AbortController | null = null;

    const follow = async ({ signal }: AbortController) => {
      while (!signal.aborted) {
        const known = new Map<string, FleetPlant>();
        const take = ({ cutAt, total, changed, gone, brokers }: FleetFrame) => {
          for (const plant of changed) known.set(plant.plantId, plant);
          for (const plantId of gone) known.delete(plantId);
          set({ plants: [...known.values()], total, brokers, clockAhead: cutAt - Date.now(), failure: null });
        };
        try {
          for await (const frame of await client.fleet.watch(undefined, { signal })) {
            if (signal.aborted) return;
            take(frame);
          }
        } catch (error) {
          const failure = toFailure(error);
          if (signal.aborted) return;
          if (failure.code !== 'connection/lost') set({ failure });
        }
        await new Promise((resolve) => window.setTimeout(resolve, 1000));
      }
    };
    const unwatch = () => {
      watching?.abort();
      watching = null;
    };

    return {
      ...empty,
      filter: noFilter,
      setFilter: (change) => set(({ filter }) => ({ filter: { ...filter, ...change } })),
      show: () => {
        unwatch();
        watching = new AbortController();
        void follow(watching);
        return unwatch;
      },
      listen: async () => {
        const brokers = await ask(() => client.fleet.listen());
        if (brokers.status === 'failed') set({ failure: brokers.failure });
        if (brokers.status === 'ready') set({ brokers: brokers.value });
      },
      reset: () => {
        unwatch();
        set({ ...empty, filter: noFilter });
      },
    };
  });
