import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AuthorityKeyAlgorithm } from '../../../../shared/model/certificate.ts';
import type { PlantId } from '../../../../shared/model/plant.ts';
import type { Rollover } from '../../../../shared/model/rollover.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../../app/snapshot.ts';
import type { ConsoleClient } from '../../../transport.ts';

export type RolloverStart = {
  /** Left out: the present name with the next number. */
  readonly subject?: string;
  readonly keyAlgorithm: AuthorityKeyAlgorithm;
  readonly validityDays: number;
  /** The key is lost or stolen. */
  readonly emergency: boolean;
};

export type RolloverStore = {
  readonly rollover: Snapshot<Rollover>;
  /** Only while it is shown: every plant is looked at for it. */
  refreshRollover(): Promise<void>;
  start(input: RolloverStart): Promise<void>;
  confirmTrust(plantIds: readonly PlantId[]): Promise<void>;
  /** `insist`: although a broker or a plant does not trust it yet. */
  issue(insist: boolean): Promise<void>;
  /** `insist`: although it is still needed. */
  retire(authorityId: string, insist: boolean): Promise<void>;
  /** Begins a job; answers its id. */
  bringTrust(): Promise<string>;
  renewPlants(): Promise<string>;
  /** Nothing is asked before it is shown. */
  refresh(): Promise<void>;
  reset(): void;
};

export const createRolloverStore = (client: ConsoleClient): StoreApi<RolloverStore> =>
  createStore<RolloverStore>((set, get) => {
    const put = (value: Rollover) => set({ rollover: { status: 'ready', value } });
    const refreshRollover = coalesce(async () => set({ rollover: await ask(() => client.rollover.get()) }));
    return {
      rollover: waiting,
      refreshRollover,
      start: async (input) => put(await client.rollover.start(input)),
      confirmTrust: async (plantIds) => put(await client.rollover.confirmTrust({ plantIds: [...plantIds] })),
      issue: async (insist) => put(await client.rollover.issue({ insist })),
      retire: async (authorityId, insist) => put(await client.rollover.retire({ authorityId, insist })),
      bringTrust: async () => (await client.rollover.bringTrust()).jobId,
      renewPlants: async () => (await client.rollover.renewPlants()).jobId,
      refresh: async () => {
        if (get().rollover.status === 'ready') await refreshRollover();
      },
      reset: () => set({ rollover: waiting }),
    };
  });
