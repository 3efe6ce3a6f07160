// Which numbers are plotted, and their points. The console reads them out of the messages that it keeps, so a plot begins
// with the past, and no payload travels for it.

import { createStore, type StoreApi } from 'zustand/vanilla';
import { ask } from '../../../app/snapshot.ts';
import type { ConsoleClient } from '../../../transport.ts';

/** A number of a topic, by JSON Pointer. */
export type PlotLine = { readonly brokerId: string; readonly topic: string; readonly path: string };

export type PlotPoints = {
  /** Unix seconds, as uPlot takes them, oldest first. */
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** The newest message that was read, for asking what came since. */
  readonly newest: number;
};

/** More would not be told apart by colour and dash. */
export const mostLines = 8;
const mostPoints = 10_000;
const everyMs = 1000;

export type PlotsStore = {
  readonly lines: readonly PlotLine[];
  readonly points: ReadonlyMap<string, PlotPoints>;
  /** Puts a number on the plot, or takes it off; does nothing when the plot is full. */
  toggle(line: PlotLine): void;
  /** Reads the points anew: a monitor that begins again has a history of its own. */
  renew(): void;
  reset(): void;
  /** Asks for new points until the answer is called. */
  follow(): () => void;
};

export const lineKey = ({ brokerId, topic, path }: PlotLine): string => JSON.stringify([brokerId, topic, path]);

const noPoints: PlotPoints = { times: [], values: [], newest: -1 };

export const createPlotsStore = (client: ConsoleClient): StoreApi<PlotsStore> =>
  createStore<PlotsStore>((set, get) => {
    const refresh = async (line: PlotLine) => {
      const { brokerId, topic, path } = line;
      const key = lineKey(line);
      const before = get().points.get(key) ?? noPoints;
      const answer = await ask(() =>
        client.monitor.series({ brokerId, topic, paths: [path], limit: mostPoints, after: before.newest }),
      );
      const series = answer.status === 'ready' ? answer.value.series[0] : undefined;
      if (answer.status !== 'ready' || !series || series.times.length === 0) return;
      if (!get().lines.some((other) => lineKey(other) === key)) return;
      const points: PlotPoints = {
        times: [...before.times, ...series.times.map((time) => time / 1000)].slice(-mostPoints),
        values: [...before.values, ...series.values].slice(-mostPoints),
        newest: answer.value.newestMessageId ?? before.newest,
      };
      set({ points: new Map(get().points).set(key, points) });
    };

    return {
      lines: [],
      points: new Map(),
      toggle: (line) => {
        const key = lineKey(line);
        const others = get().lines.filter((other) => lineKey(other) !== key);
        const isNew = others.length === get().lines.length;
        if (isNew && others.length >= mostLines) return;
        const points = new Map(get().points);
        points.delete(key);
        set({ lines: isNew ? [...others, line] : others, points });
        if (isNew) void refresh(line);
      },
      renew: () => set({ points: new Map() }),
      reset: () => set({ lines: [], points: new Map() }),
      follow: () => {
        let isFollowed = true;
        void (async () => {
          while (isFollowed) {
            for (const line of get().lines) await refresh(line);
            await new Promise((resolve) => window.setTimeout(resolve, everyMs));
          }
        })();
        return () => {
          isFollowed = false;
        };
      },
    };
  });
