import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Broker, BrokerInput, PushPlan } from '../../../shared/model/broker.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

export type BrokersStore = {
  readonly list: Snapshot<readonly Broker[]>;
  readonly plans: Readonly<Record<string, Snapshot<PushPlan>>>;
  readonly logs: Readonly<Record<string, Snapshot<readonly string[]>>>;
  refresh(): Promise<void>;
  create(input: BrokerInput): Promise<Broker>;
  plan(brokerId: string): Promise<void>;
  forgetPlan(brokerId: string): void;
  readLog(brokerId: string): Promise<void>;
  stop(brokerId: string): Promise<void>;
  remove(brokerId: string): Promise<void>;
  reset(): void;
};

export const createBrokersStore = (client: ConsoleClient): StoreApi<BrokersStore> =>
  createStore<BrokersStore>((set, get) => {
    const refresh = coalesce(async () => set({ list: await ask(() => client.brokers.list()) }));
    const setPlan = (brokerId: string, plan: Snapshot<PushPlan>) =>
      set({ plans: { ...get().plans, [brokerId]: plan } });
    return {
      list: waiting,
      plans: {},
      logs: {},
      refresh,
      create: async (input) => {
        const broker = await client.brokers.create(input);
        await refresh();
        return broker;
      },
      plan: async (brokerId) => {
        setPlan(brokerId, waiting);
        setPlan(brokerId, await ask(() => client.brokers.plan({ brokerId })));
      },
      forgetPlan: (brokerId) => {
        const { [brokerId]: _forgotten, ...plans } = get().plans;
        set({ plans });
      },
      readLog: async (brokerId) => {
        const log = await ask(() => client.brokers.log({ brokerId }));
        set({ logs: { ...get().logs, [brokerId]: log } });
      },
      stop: async (brokerId) => {
        await client.brokers.stop({ brokerId });
        await refresh();
      },
      remove: async (brokerId) => {
        await client.brokers.delete({ brokerId });
        await refresh();
      },
      reset: () => set({ list: waiting, plans: {}, logs: {} }),
    };
  });
