import { EventEmitter, on } from 'node:events';

/** Tells every listener what happened; a listener hears all that comes after it began to listen. */
export class ChangeHub<T> {
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  publish(value: T): void {
    this.#emitter.emit('change', value);
  }

  /** Listens from this call on, until `signal` aborts or the reader calls `return`. */
  listen(signal?: AbortSignal): AsyncIterableIterator<T, undefined> {
    const events = on(this.#emitter, 'change', signal ? { signal } : {});
    const ended = { done: true, value: undefined } as const;
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        try {
          const event = await events.next();
          return event.done ? ended : { done: false, value: event.value[0] as T };
        } catch (error) {
          if (signal?.aborted) return ended;
          throw error;
        }
      },
      async return() {
        await events.return?.();
        return ended;
      },
    };
  }
}
