// How much work is done in one step, told without a clock.

import { vi } from 'vitest';

/** How often something is split, as filters are whenever they are looked at: at most in one step, and in all of them. */
export function filtersTakenApart(steps: Generator): { readonly most: number; readonly all: number } {
  const split = vi.spyOn(String.prototype, 'split');
  try {
    let [most, all] = [0, 0];
    for (let isDone = false; !isDone; ) {
      split.mockClear();
      isDone = steps.next().done === true;
      most = Math.max(most, split.mock.calls.length);
      all += split.mock.calls.length;
    }
    return { most, all };
  } finally {
    split.mockRestore();
  }
}
