// The live view of one broker. Frames go into a tree that is changed in place; a new `topics` around it tells the screen to look again.
// While paused, frames wait in a map of the newest value by topic, so that a pause costs no more than the topics themselves.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  MonitorConnection,
  MonitorCounts,
  MonitorFrame,
  MonitorMessage,
  TopicValue,
} from '../../../shared/model/monitor.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import { type Failure, toFailure } from '../../failure.ts';
import type { ConsoleClient } from '../../transport.ts';
import { TopicTree } from './topic-tree.ts';

const noCounts: MonitorCounts = { messages: 0, topics: 0, payloadBytes: 0, droppedTopics: 0, coalesced: 0 };
const stopped: MonitorConnection = { state: 'stopped', reason: null };
const rateWindowMs = 5_000;

export type MonitorStore = {
  readonly brokerId: string | null;
  readonly connection: MonitorConnection;
  readonly failure: Failure | null;
  readonly counts: MonitorCounts;
  /** Messages a second over the last seconds. */
  readonly messageRate: number;
  readonly topics: { readonly tree: TopicTree };
  readonly isPaused: boolean;
  readonly selectedTopic: string | null;
  readonly message: Snapshot<MonitorMessage | null>;
  /** Shows this broker; answers how to stop showing it. The monitor itself stays connected in the core. */
  show(brokerId: string): () => void;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  setPaused(isPaused: boolean): void;
  select(topic: string | null): void;
  reset(): void;
};

const empty = {
  connection: stopped,
  failure: null,
  counts: noCounts,
  messageRate: 0,
  isPaused: false,
  selectedTopic: null,
  message: waiting,
};

export const createMonitorStore = (client: ConsoleClient): StoreApi<MonitorStore> =>
  createStore<MonitorStore>((set, get) => {
    const waitingValues = new Map<string, TopicValue>();
    let samples: { at: number; messages: number }[] = [];
    let watching: AbortController | null = null;

    const rateOf = (messages: number): number => {
      const now = Date.now();
      samples = [...samples.filter(({ at }) => at > now - rateWindowMs), { at: now, messages }];
      const first = samples[0];
      return first && now > first.at ? Math.max(0, ((messages - first.messages) * 1000) / (now - first.at)) : 0;
    };

    const refreshMessage = coalesce(async () => {
      const { brokerId, selectedTopic: topic } = get();
      if (!brokerId || topic === null) return;
      const message = await ask(() => client.monitor.message({ brokerId, topic }));
      if (get().selectedTopic === topic) set({ message });
    });

    const show = ({ reset, connection, counts, topics: values }: MonitorFrame) => {
      const {
        topics: { tree },
        isPaused,
        selectedTopic,
      } = get();
      const status = { connection, counts, messageRate: rateOf(counts.messages), failure: null };
      if (reset) {
        tree.clear();
        waitingValues.clear();
      }
      if (isPaused && !reset) {
        for (const value of values) waitingValues.set(value.topic, value);
        return set(status);
      }
      tree.apply(values);
      set({ ...status, topics: { tree } });
      if (values.some(({ topic }) => topic === selectedTopic)) void refreshMessage();
    };

    const watch = async (brokerId: string) => {
      watching?.abort();
      const own = new AbortController();
      watching = own;
      while (!own.signal.aborted) {
        try {
          for await (const frame of await client.monitor.watch({ brokerId }, { signal: own.signal })) {
            if (own.signal.aborted) return;
            show(frame);
          }
        } catch (error) {
          const failure = toFailure(error);
          if (own.signal.aborted) return;
          if (failure.code === 'monitor/not-connected') return set({ connection: stopped });
          if (failure.code !== 'connection/lost') return set({ connection: stopped, failure });
        }
        await new Promise((resolve) => window.setTimeout(resolve, 1000));
      }
    };

    const unwatch = () => {
      watching?.abort();
      watching = null;
      waitingValues.clear();
      samples = [];
    };

    return {
      brokerId: null,
      topics: { tree: new TopicTree() },
      ...empty,
      show: (brokerId) => {
        if (get().brokerId !== brokerId) set({ ...empty, brokerId, topics: { tree: new TopicTree() } });
        void watch(brokerId);
        return unwatch;
      },
      connect: async () => {
        const { brokerId } = get();
        if (!brokerId) return;
        set({ connection: { state: 'connecting', reason: null }, failure: null });
        const connection = await ask(() => client.monitor.connect({ brokerId }));
        if (connection.status === 'failed') return set({ connection: stopped, failure: connection.failure });
        if (connection.status === 'ready') set({ connection: connection.value });
        void watch(brokerId);
      },
      disconnect: async () => {
        const { brokerId } = get();
        if (!brokerId) return;
        const connection = await ask(() => client.monitor.disconnect({ brokerId }));
        if (connection.status === 'failed') return set({ failure: connection.failure });
        if (connection.status === 'ready') set({ connection: connection.value });
      },
      setPaused: (isPaused) => {
        const { tree } = get().topics;
        if (!isPaused) tree.apply(waitingValues.values());
        waitingValues.clear();
        set({ isPaused, topics: { tree } });
        if (!isPaused) void refreshMessage();
      },
      select: (selectedTopic) => {
        set({ selectedTopic, message: waiting });
        void refreshMessage();
      },
      reset: () => {
        unwatch();
        set({ ...empty, brokerId: null, topics: { tree: new TopicTree() } });
      },
    };
  });
