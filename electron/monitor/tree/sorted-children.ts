// The children of a branch, always in order: thousands of new ones a second are put in their places one by one, so
// that nobody ever sorts a hundred thousand at once. They lie in chunks, which keeps an insertion from moving them all.

import { compareLevels } from './topic-order.ts';

type Named = { readonly name: string };

/** Something whose items have places, from 0. */
export type Listed<Item> = {
  readonly size: number;
  /** Visits items in order, beginning with the one at `from`, until `visit` answers false. */
  walk(from: number, visit: (item: Item, index: number) => boolean): void;
};

const chunkSize = 512;

export class SortedChildren<Item extends Named> implements Listed<Item> {
  /** None is empty, except the only one. */
  readonly #chunks: Item[][] = [[]];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  find(name: string): Item | undefined {
    const chunk = this.#chunks[this.#chunkOf(name)] ?? [];
    const item = chunk[placeIn(chunk, name)];
    return item?.name === name ? item : undefined;
  }

  /** Its name must be new. */
  insert(item: Item): void {
    if (this.#size === 0) {
      // Most branches of a long topic have one child: an array that was never empty has no room to spare.
      this.#chunks[0] = [item];
      this.#size = 1;
      return;
    }
    const at = this.#chunkOf(item.name);
    const chunk = this.#chunks[at] ?? [];
    chunk.splice(placeIn(chunk, item.name), 0, item);
    this.#size += 1;
    if (chunk.length > chunkSize) this.#chunks.splice(at + 1, 0, chunk.splice(chunkSize / 2));
  }

  walk(from: number, visit: (item: Item, index: number) => boolean): void {
    let index = 0;
    for (const chunk of this.#chunks) {
      if (index + chunk.length > from) {
        for (let i = Math.max(0, from - index); i < chunk.length; i++) {
          const item = chunk[i];
          if (item === undefined || !visit(item, index + i)) return;
        }
      }
      index += chunk.length;
    }
  }

  /** The last chunk that begins at or before `name`. */
  #chunkOf(name: string): number {
    let low = 0;
    let high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const first = this.#chunks[middle]?.[0];
      if (first === undefined || compareLevels(first.name, name) > 0) high = middle - 1;
      else low = middle;
    }
    return low;
  }
}

/** Where `name` is, or would be. */
function placeIn(chunk: readonly Named[], name: string): number {
  let low = 0;
  let high = chunk.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = chunk[middle];
    if (item !== undefined && compareLevels(item.name, name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An array as a list. */
export const listedArray = <Item>(items: readonly Item[]): Listed<Item> => ({
  size: items.length,
  walk(from, visit) {
    for (let i = from; i < items.length; i++) {
      const item = items[i];
      if (item === undefined || !visit(item, i)) return;
    }
  },
});
