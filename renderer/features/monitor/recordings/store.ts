// Recordings, and what of them runs now. What runs is followed for as long as a screen shows it.

import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Recording } from '../../../../shared/model/recording.ts';
import { ask, coalesce, type Snapshot, waiting } from '../../../app/snapshot.ts';
import type { ConsoleClient } from '../../../transport.ts';

type Running = Awaited<ReturnType<ConsoleClient['recordings']['running']>> extends AsyncIterable<infer T> ? T : never;
export type RunningRecording = Running['recordings'][number];

export type RecordingsStore = {
  /** Newest first. */
  readonly list: Snapshot<readonly Recording[]>;
  readonly running: Running;
  refresh(): Promise<void>;
  /** Answers how to end it. */
  follow(): () => void;
  reset(): void;
};

const nothing: Running = { recordings: [], replays: [] };

export const createRecordingsStore = (client: ConsoleClient): StoreApi<RecordingsStore> =>
  createStore<RecordingsStore>((set) => {
    const follow = async (signal: AbortSignal) => {
      while (!signal.aborted) {
        try {
          for await (const running of await client.recordings.running(undefined, { signal })) {
            if (signal.aborted) return;
            set({ running });
          }
        } catch {
          // Whatever the screen asks for besides says why.
        }
        await new Promise((resolve) => window.setTimeout(resolve, 1000));
      }
    };
    return {
      list: waiting,
      running: nothing,
      refresh: coalesce(async () => set({ list: await ask(() => client.recordings.list()) })),
      follow: () => {
        const own = new AbortController();
        void follow(own.signal);
        return () => own.abort();
      },
      reset: () => set({ list: waiting, running: nothing }),
    };
  });
