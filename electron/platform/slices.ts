// Long work in short slices, so that nobody else waits for all of it.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a slice may last, in milliseconds, before others get their turn. */
const sliceMs = 8;

/** For a loop that waits for other things too: awaited after each step, it gives others their turn when the slice is over. */
export function endOfSlice(): () => Promise<void> {
  let sliceEnds = performance.now() + sliceMs;
  return async () => {
    if (performance.now() < sliceEnds) return;
    await nextTurn();
    sliceEnds = performance.now() + sliceMs;
  };
}

/** Runs `steps` to their end; between two steps others run when the slice is over. */
export async function inSlices<T>(steps: Generator<undefined, T, undefined>): Promise<T> {
  let sliceEnds = performance.now() + sliceMs;
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() < sliceEnds) continue;
    await nextTurn();
    sliceEnds = performance.now() + sliceMs;
  }
}
