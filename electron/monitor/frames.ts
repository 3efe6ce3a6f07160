// A window draws a few times a second, a broker sends thousands: frames are cut a few times a second at most and hold
// only what is in sight, so neither the transport nor the event loop nor the window sees the broker's speed.
// - When the operator turns to something, a frame is cut at once.
// - Frames are pulled: a listener that does not ask for the next one finds a newer picture when it does.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { MonitorConnection, MonitorCounts, MonitorFrame, TopicValue } from '../../shared/model/monitor.ts';
import type { Clock } from '../platform/clock.ts';
import { payloadPreview } from './payload-preview.ts';
import type { StoredValue, TopicStore } from './topic-store.ts';
import type { TopicView } from './tree/topic-view.ts';

export type FrameLimits = {
  readonly intervalMs: number;
  /** Without a change, so that rates fade on the screen too. */
  readonly idleMs: number;
  /** A search that takes longer shows what it found so far. */
  readonly searchMs: number;
};

export const defaultFrameLimits: FrameLimits = { intervalMs: 200, idleMs: 1000, searchMs: 120 };

export const toTopicValue = (value: StoredValue): TopicValue => ({
  topic: value.topic,
  preview: payloadPreview(value.payload),
  payloadBytes: value.payloadBytes,
  messageCount: value.messageCount,
  retained: value.retained,
  qos: value.qos,
  receivedAt: new Date(value.receivedAt).toISOString(),
});

type Source = {
  readonly treeId: string;
  readonly store: TopicStore;
  readonly clock: Clock;
  readonly connection: () => MonitorConnection;
  /** What the store does not know of. */
  readonly leftOut: () => Pick<MonitorCounts, 'oversized' | 'evicted'>;
};

/** Frames of what `view` looks at, until `signal` aborts; the view is closed then. */
export async function* cutFrames(
  { treeId, store, clock, connection, leftOut }: Source,
  view: TopicView,
  signal: AbortSignal,
  { intervalMs, idleMs, searchMs }: FrameLimits = defaultFrameLimits,
): AsyncGenerator<MonitorFrame, void, undefined> {
  try {
    while (!signal.aborted) {
      const isFound = await search(view, searchMs);
      const cutAt = clock.now().getTime();
      const picture = view.picture(cutAt);
      const rate = store.tree.root.rate.perSecond(cutAt);
      yield {
        treeId,
        cutAt,
        connection: connection(),
        picture,
        counts: { ...store.counts(), rate, ...leftOut(), coalesced: view.coalesced },
      };
      if (!isFound) continue;
      await view.turned(intervalMs, signal);
      await view.changed(idleMs, signal);
    }
  } finally {
    view.close();
  }
}

/** Searches in slices, with a turn of the event loop between them; answers whether all is found. */
async function search(view: TopicView, milliseconds: number): Promise<boolean> {
  const until = performance.now() + milliseconds;
  while (!view.advance()) {
    if (performance.now() > until) return false;
    await nextTurn();
  }
  return true;
}
