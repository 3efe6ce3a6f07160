// Sorting in steps: by merging, since `sort` does all of it at once.

import type { Steps } from '../../../shared/model/mosquitto/fault.ts';

const perStep = 200;

/** By UTF-16 code units, as `sort` does. To be run in slices. */
export function* sortedTexts(texts: Iterable<string>): Steps<string[]> {
  const all = [...texts];
  let runs: string[][] = [];
  for (let at = 0; at < all.length; at += perStep) {
    runs.push(all.slice(at, at + perStep).sort());
    yield;
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let i = 0; i < runs.length; i += 2) merged.push(yield* mergedRuns(runs[i] ?? [], runs[i + 1] ?? []));
    runs = merged;
  }
  return runs[0] ?? [];
}

function* mergedRuns(one: readonly string[], other: readonly string[]): Steps<string[]> {
  const merged: string[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    if (merged.length % perStep === perStep - 1) yield;
    const [a, b] = [one[i], other[j]];
    if (a === undefined && b === undefined) return merged;
    if (b === undefined || (a !== undefined && a <= b)) {
      if (a !== undefined) merged.push(a);
      i++;
    } else {
      merged.push(b);
      j++;
    }
  }
}
