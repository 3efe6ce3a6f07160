import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Broker, BrokerInput, DriftChoice, PushPlan } from '../../../shared/model/broker.ts';
import type { Generation } from '../../../shared/model/broker-files.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import type { ConsoleClient } from '../../transport.ts';

/** What a push would bring under a choice about drift. */
export type ShownPlan = {
  readonly drift: DriftChoice;
  readonly plan: Snapshot<PushPlan>;
};

/** What going back to a configuration would bring. */
export type ShownGoingBack = {
  readonly generation: Generation;
  readonly plan: Snapshot<PushPlan>;
};

export type BrokersStore = {
  readonly list: Snapshot<readonly Broker[]>;
  readonly plans: Readonly<Record<string, ShownPlan>>;
  readonly logs: Readonly<Record<string, Snapshot<readonly string[]>>>;
  readonly generations: Readonly<Record<string, Snapshot<readonly Generation[]>>>;
  readonly goingBack: Readonly<Record<string, ShownGoingBack>>;
  refresh(): Promise<void>;
  create(input: BrokerInput): Promise<Broker>;
  /** Asks the broker itself. */
  look(brokerId: string): Promise<void>;
  plan(brokerId: string, drift: DriftChoice): Promise<void>;
  showPlan(brokerId: string, plan: ShownPlan): void;
  forgetPlan(brokerId: string): void;
  readLog(brokerId: string): Promise<void>;
  readGenerations(brokerId: string): Promise<void>;
  planGoingBack(brokerId: string, generation: Generation): Promise<void>;
  forgetGoingBack(brokerId: string): void;
  stop(brokerId: string): Promise<void>;
  remove(brokerId: string): Promise<void>;
  reset(): void;
};

const nothing = { list: waiting, plans: {}, logs: {}, generations: {}, goingBack: {} };

export const createBrokersStore = (client: ConsoleClient): StoreApi<BrokersStore> =>
  createStore<BrokersStore>((set, get) => {
    const refresh = coalesce(async () => set({ list: await ask(() => client.brokers.list()) }));
    const showPlan = (brokerId: string, plan: ShownPlan) => set({ plans: { ...get().plans, [brokerId]: plan } });
    const showGoingBack = (brokerId: string, shown: ShownGoingBack) =>
      set({ goingBack: { ...get().goingBack, [brokerId]: shown } });
    return {
      ...nothing,
      refresh,
      create: async (input) => {
        const broker = await client.brokers.create(input);
        await refresh();
        return broker;
      },
      look: async (brokerId) => {
        await client.brokers.look({ brokerId });
        await refresh();
      },
      plan: async (brokerId, drift) => {
        const asked: ShownPlan = { drift, plan: waiting };
        showPlan(brokerId, asked);
        const plan = await ask(() => client.brokers.plan({ brokerId, drift }));
        // The operator may have closed it, or chosen otherwise meanwhile.
        if (get().plans[brokerId] === asked) showPlan(brokerId, { drift, plan });
      },
      showPlan,
      forgetPlan: (brokerId) => {
        const { [brokerId]: _forgotten, ...plans } = get().plans;
        set({ plans });
      },
      readLog: async (brokerId) => {
        const log = await ask(() => client.brokers.log({ brokerId }));
        set({ logs: { ...get().logs, [brokerId]: log } });
      },
      readGenerations: async (brokerId) => {
        const generations = await ask(() => client.brokers.generations({ brokerId }));
        set({ generations: { ...get().generations, [brokerId]: generations } });
      },
      planGoingBack: async (brokerId, generation) => {
        const asked: ShownGoingBack = { generation, plan: waiting };
        showGoingBack(brokerId, asked);
        const { generationId } = generation;
        const plan = await ask(() => client.brokers.planGoingBack({ brokerId, generationId }));
        // The operator may have closed it, or chosen another meanwhile.
        if (get().goingBack[brokerId] === asked) showGoingBack(brokerId, { generation, plan });
      },
      forgetGoingBack: (brokerId) => {
        const { [brokerId]: _forgotten, ...goingBack } = get().goingBack;
        set({ goingBack });
      },
      stop: async (brokerId) => {
        await client.brokers.stop({ brokerId });
        await refresh();
      },
      remove: async (brokerId) => {
        await client.brokers.delete({ brokerId });
        await refresh();
      },
      reset: () => set(nothing),
    };
  });
