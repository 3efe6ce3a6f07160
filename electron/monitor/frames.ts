// A window draws a few times a second, a broker sends thousands: frames are cut at most every 200 ms and hold
// a bounded number of values, so neither the transport nor the event loop sees the broker's speed.
// Frames are pulled: a listener that does not ask for the next one finds its changes merged when it does.

import { setTimeout as sleep } from 'node:timers/promises';
import type { MonitorConnection, MonitorFrame, TopicValue } from '../../shared/model/monitor.ts';
import { payloadPreview } from './payload-preview.ts';
import type { StoredValue, TopicStore } from './topic-store.ts';

export type FrameLimits = { readonly intervalMs: number; readonly topics: number };

export const defaultFrameLimits: FrameLimits = { intervalMs: 200, topics: 2000 };

export const toTopicValue = (value: StoredValue): TopicValue => ({
  topic: value.topic,
  preview: payloadPreview(value.payload),
  payloadBytes: value.payloadBytes,
  messageCount: value.messageCount,
  retained: value.retained,
  qos: value.qos,
  receivedAt: new Date(value.receivedAt).toISOString(),
});

/**
 * Frames of changes until `signal` aborts. The first has `reset`, and begins to tell everything there is; what
 * exceeds a frame comes with the next ones. Over one listener's frames, values told + `coalesced` is the number of
 * values that were there at first and of messages since.
 */
export async function* cutFrames(
  store: TopicStore,
  connection: () => MonitorConnection,
  signal: AbortSignal,
  limits: FrameLimits = defaultFrameLimits,
): AsyncGenerator<MonitorFrame, void, undefined> {
  const changes = store.open();
  const wake = () => changes.touch();
  signal.addEventListener('abort', wake);
  try {
    for (let reset = true; ; reset = false) {
      await changes.changed();
      if (signal.aborted) return;
      const cutAt = performance.now();
      yield {
        reset,
        connection: connection(),
        topics: changes.take(limits.topics).map(toTopicValue),
        counts: { ...store.counts(), coalesced: changes.coalesced },
      };
      const remaining = limits.intervalMs - (performance.now() - cutAt);
      if (remaining > 0) await sleep(remaining, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    signal.removeEventListener('abort', wake);
    store.close(changes);
  }
}
