// What the windows look at, one view a watch. A view is known by its window's session and by the name that the window
// gave it, so that no window moves what another one looks at.

import type { MonitorFrame, TopicLook } from '../../shared/model/monitor.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { TopicView } from '../monitor/tree/topic-view.ts';
import type { Session } from './session.ts';

export class LiveViews {
  readonly #views = new Map<string, TopicView>();

  async *watch(
    { sessionId }: Session,
    viewId: string,
    monitor: Monitor,
    look: TopicLook,
    signal: AbortSignal,
  ): AsyncGenerator<MonitorFrame, void, undefined> {
    const key = keyOf(sessionId, viewId);
    const view = monitor.view(look);
    this.#views.set(key, view);
    try {
      yield* monitor.watch(view, signal);
    } finally {
      if (this.#views.get(key) === view) this.#views.delete(key);
    }
  }

  look({ sessionId }: Session, viewId: string, look: TopicLook): void {
    this.#views.get(keyOf(sessionId, viewId))?.look(look);
  }
}

const keyOf = (sessionId: string, viewId: string): string => `${sessionId}/${viewId}`;
