// The live view of one broker. The tree lives in the console's core: this window says what it looks at, and keeps no
// more than the rows in sight, so that it costs the same whatever the broker's speed and the number of topics.

import type { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  asPlantSchema,
  MonitorConnection,
  MonitorCounts,
  MonitorFrame,
  MonitorMessage,
  MonitorState,
  TopicLook,
  TopicPicture,
} from '../../../shared/model/monitor.ts';
import type { MonitorSettings } from '../../../shared/model/monitor-settings.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../app/snapshot.ts';
import { type Failure, toFailure } from '../../failure.ts';
import type { ConsoleClient } from '../../transport.ts';
import { firstLook, toggledWith } from './look.ts';

const noCounts: MonitorCounts = {
  messages: 0,
  topics: 0,
  payloadBytes: 0,
  rate: 0,
  droppedTopics: 0,
  cutValues: 0,
  leftOutProperties: 0,
  evicted: 0,
  oversized: 0,
  coalesced: 0,
  droppedByBroker: null,
};
const stopped: MonitorConnection = { state: 'stopped', reason: null };
const noPicture: TopicPicture = { firstRow: 0, rows: [], totalRows: 0, found: null, selectedMessages: null };

type ListeningState = MonitorState & z.infer<typeof asPlantSchema>;

export type MonitorStore = {
  /** What is shown: a broker, or a replay in the place of one. */
  readonly brokerId: string | null;
  /** The broker to come back to. It outlives a locked vault: whoever unlocks it must not act on another one. */
  readonly chosenBrokerId: string | null;
  /** Every monitor that runs, also of the brokers that are not shown, and as whom it listens. */
  readonly monitors: readonly ListeningState[];
  readonly connection: MonitorConnection;
  readonly failure: Failure | null;
  readonly counts: MonitorCounts;
  readonly picture: TopicPicture;
  readonly look: TopicLook;
  /** Milliseconds that the console's clock is ahead of this window's. */
  readonly clockAhead: number;
  /** The topic, or the way to the branch, that is chosen. */
  readonly selectedTopic: string | null;
  readonly message: Snapshot<MonitorMessage | null>;
  /** Shows this broker; answers how to stop showing it. The monitor itself stays connected in the core. */
  show(brokerId: string): () => void;
  choose(brokerId: string): void;
  /** As it was listened to the last time. */
  connect(): Promise<void>;
  /** From now on so. Throws what the console answers; then all is as it was. */
  listen(settings: MonitorSettings): Promise<void>;
  disconnect(): Promise<void>;
  setPaused(isPaused: boolean): void;
  /** `levels`: what the words mean besides, such as the identifiers of plants. */
  search(query: string, levels: readonly string[]): void;
  scroll(rows: Pick<TopicLook, 'firstRow' | 'rowCount'>): void;
  toggle(nodeId: number): void;
  select(nodeId: number): void;
  /** Asks again for the chosen topic's message. */
  retryMessage(): void;
  reset(): void;
};

const empty = {
  connection: stopped,
  failure: null,
  counts: noCounts,
  picture: noPicture,
  look: firstLook,
  clockAhead: 0,
  selectedTopic: null,
  message: waiting,
};

export const createMonitorStore = (client: ConsoleClient): StoreApi<MonitorStore> =>
  createStore<MonitorStore>((set, get) => {
    /** Of the brokers that were shown before. */
    const looks = new Map<string, { readonly treeId: string; readonly look: TopicLook }>();
    let treeId = '';
    let viewId = '';
    let watching: AbortController | null = null;

    const refreshMessage = coalesce(async () => {
      const { brokerId, selectedTopic: topic } = get();
      if (!brokerId || topic === null) return;
      const message = await ask(() => client.monitor.message({ brokerId, topic }));
      if (get().selectedTopic === topic) set({ message });
    });

    const tellLook = coalesce(async () => {
      if (watching) await ask(() => client.monitor.look({ viewId, look: get().look }));
    });
    const turn = (change: Partial<TopicLook>) => {
      const look = { ...get().look, ...change };
      set({ look });
      const { brokerId } = get();
      if (brokerId) looks.set(brokerId, { treeId, look });
      void tellLook();
    };

    const take = ({ treeId: shownTree, cutAt, connection, counts, picture }: MonitorFrame) => {
      const before = get();
      set({ connection, counts, clockAhead: cutAt - Date.now(), ...(picture && { picture }) });
      // While nothing is listened to, why the last try failed stays to be read.
      if (connection.state !== 'stopped') set({ failure: null });
      if (shownTree !== treeId) {
        // Numbers of nodes mean another tree's.
        const isKnown = treeId !== '';
        treeId = shownTree;
        if (isKnown) {
          set({ selectedTopic: null, message: waiting });
          turn({ toggled: [], selected: null });
        }
      } else if (picture && picture.selectedMessages !== before.picture.selectedMessages) {
        void refreshMessage();
      }
    };

    const follow = async (own: AbortController, listen: () => Promise<'ended' | 'again'>) => {
      while (!own.signal.aborted) {
        if ((await listen()) === 'ended') return;
        await new Promise((resolve) => window.setTimeout(resolve, 1000));
      }
    };

    const watch = (brokerId: string) => {
      watching?.abort();
      const own = new AbortController();
      watching = own;
      let isThere = true;
      const listen = async () => {
        viewId = crypto.randomUUID();
        const question = { brokerId, viewId, look: get().look };
        try {
          for await (const frame of await client.monitor.watch(question, { signal: own.signal })) {
            if (own.signal.aborted) return 'ended';
            take(frame);
          }
        } catch (error) {
          const failure = toFailure(error);
          if (own.signal.aborted) return 'ended';
          if (failure.code === 'monitor/not-connected') {
            isThere = false;
            set({ connection: stopped });
            return 'ended';
          }
          if (failure.code !== 'connection/lost') set({ connection: stopped, failure });
        }
        return 'again';
      };
      void follow(own, listen);
      void follow(own, async () => {
        try {
          for await (const monitors of await client.monitor.states(undefined, { signal: own.signal })) {
            if (own.signal.aborted) return 'ended';
            set({ monitors });
            // Alerts, the fleet or another window may begin to listen too.
            if (isThere || !monitors.some((one) => one.brokerId === brokerId)) continue;
            isThere = true;
            void follow(own, listen);
          }
        } catch {
          // The watch beside it says why.
        }
        return 'again';
      });
    };

    const unwatch = () => {
      watching?.abort();
      watching = null;
    };

    return {
      brokerId: null,
      chosenBrokerId: null,
      monitors: [],
      ...empty,
      show: (brokerId) => {
        if (get().brokerId !== brokerId) {
          const known = looks.get(brokerId);
          treeId = known?.treeId ?? '';
          const look = { ...(known?.look ?? firstLook), firstRow: 0, selected: null, isPaused: false };
          set({ ...empty, brokerId, look });
        }
        watch(brokerId);
        return unwatch;
      },
      choose: (brokerId) => set({ chosenBrokerId: brokerId }),
      connect: async () => {
        const { brokerId } = get();
        if (!brokerId) return;
        set({ connection: { state: 'connecting', reason: null }, failure: null });
        const connection = await ask(() => client.monitor.connect({ brokerId }));
        if (connection.status === 'failed') return set({ connection: stopped, failure: connection.failure });
        if (connection.status === 'ready') set({ connection: connection.value });
        watch(brokerId);
      },
      listen: async (settings) => {
        const { brokerId } = get();
        if (!brokerId) return;
        set({ connection: await client.monitor.connect({ brokerId, ...settings }), failure: null });
        watch(brokerId);
      },
      disconnect: async () => {
        const { brokerId } = get();
        if (!brokerId) return;
        const connection = await ask(() => client.monitor.disconnect({ brokerId }));
        if (connection.status === 'failed') return set({ failure: connection.failure });
        if (connection.status === 'ready') set({ connection: connection.value });
      },
      setPaused: (isPaused) => turn({ isPaused }),
      search: (query, levels) => turn({ query, levels: [...levels], firstRow: 0 }),
      scroll: (rows) => turn(rows),
      toggle: (nodeId) => turn({ toggled: toggledWith(get().look.toggled, nodeId) }),
      select: (nodeId) => {
        const { brokerId } = get();
        if (!brokerId) return;
        set({ message: waiting });
        turn({ selected: nodeId });
        void ask(() => client.monitor.path({ brokerId, nodeId })).then((answer) => {
          if (get().look.selected !== nodeId || answer.status !== 'ready' || !answer.value) return;
          set({ selectedTopic: answer.value.path });
          void refreshMessage();
        });
      },
      retryMessage: () => {
        set({ message: waiting });
        void refreshMessage();
      },
      reset: () => {
        unwatch();
        looks.clear();
        treeId = '';
        set({ ...empty, brokerId: null, monitors: [] });
      },
    };
  });
