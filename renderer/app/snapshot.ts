import { type Failure, toFailure } from '../failure.ts';

/** What the core last said about something: only an answer of the transport is ever written here. */
export type Snapshot<T> =
  | { readonly status: 'waiting' }
  | { readonly status: 'failed'; readonly failure: Failure }
  | { readonly status: 'ready'; readonly value: T };

export const waiting = { status: 'waiting' } as const;

/** Asks, and answers with the snapshot to keep; never throws. */
export async function ask<T>(question: () => Promise<T>): Promise<Snapshot<T>> {
  try {
    return { status: 'ready', value: await question() };
  } catch (error) {
    return { status: 'failed', failure: toFailure(error) };
  }
}

/** The value, or null while there is none. */
export const readyValue = <T>(snapshot: Snapshot<T>): T | null => (snapshot.status === 'ready' ? snapshot.value : null);

/**
 * Runs `work` one at a time. A call during a run leads to one more run after it, and both callers wait for that one,
 * so that a burst of change events costs two questions, and the last answer is always newer than the last event.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = () => {
    running = work().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    if (!running) return run();
    next ??= running.then(() => {
      next = null;
      return run();
    });
    return next;
  };
}
