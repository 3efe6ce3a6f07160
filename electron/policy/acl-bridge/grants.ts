// Filters that rules name, with the rules that name them.

import type { Steps } from '../../../shared/model/mosquitto/fault.ts';
import { FilterTree } from '../analysis/filter-tree.ts';
import { dollarApart, filterLevels } from '../filters.ts';
import { TopicIndex } from '../topic-index.ts';

export type Grant = { readonly filter: string; readonly rules: readonly number[] };

/** The filter that matches what both match; undefined where no topic is matched by both. Both must be valid. */
export function filterIntersection(one: string, other: string): string | undefined {
  const a = filterLevels(one);
  const b = filterLevels(other);
  if (dollarApart(a[0], b[0])) return undefined;
  const levels: string[] = [];
  for (let i = 0; i < a.length || i < b.length; i++) {
    const [x, y] = [a[i], b[i]];
    if (x === '#') return [...levels, ...b.slice(i)].join('/');
    if (y === '#') return [...levels, ...a.slice(i)].join('/');
    if (x === undefined || y === undefined || (x !== y && x !== '+' && y !== '+')) return undefined;
    levels.push(x === '+' ? y : x);
  }
  return levels.join('/');
}

/** How many small things are done in one step. */
const perStep = 50;

/** A set of them that answers fast. Each filter stands in it once, in its one form, and none before one that holds it. */
export class Grants {
  readonly list: readonly Grant[];
  readonly #index: TopicIndex;
  readonly #tree: FilterTree<Grant>;

  private constructor(list: readonly Grant[], index: TopicIndex, tree: FilterTree<Grant>) {
    this.list = list;
    this.#index = index;
    this.#tree = tree;
  }

  /** To be run in slices, as there may be very many. */
  static *of(grants: Iterable<Grant>): Steps<Grants> {
    const rulesOf = new Map<string, Set<number>>();
    let done = 0;
    for (const { filter, rules } of grants) {
      if (++done % perStep === 0) yield;
      const form = filterLevels(filter).join('/');
      const known = rulesOf.get(form) ?? new Set();
      for (const rule of rules) known.add(rule);
      rulesOf.set(form, known);
    }
    const list = yield* widestFirst(rulesOf);
    const index = new TopicIndex();
    const tree = new FilterTree<Grant>();
    for (const [i, grant] of list.entries()) {
      if (i % perStep === perStep - 1) yield;
      index.add(grant.filter, i);
      tree.add(filterLevels(grant.filter), grant);
    }
    return new Grants(list, index, tree);
  }

  /** Whether one of them holds all of the filter. */
  covers(filter: string): boolean {
    return this.#index.covering(filterLevels(filter)) !== Infinity;
  }

  /** Whether one of them has a topic in common with the filter. */
  overlaps(filter: string): boolean {
    return this.#index.overlapping(filterLevels(filter)) !== Infinity;
  }

  /** Those that have a topic in common with the filter. */
  overlapping(filter: string): Grant[] {
    return this.#tree.overlapping(filterLevels(filter));
  }

  /** The filters that no other one holds. */
  *widest(): Steps<string[]> {
    const widest: string[] = [];
    for (const [i, { filter }] of this.list.entries()) {
      if (i % perStep === perStep - 1) yield;
      if (this.#index.covering(filterLevels(filter)) === i) widest.push(filter);
    }
    return widest;
  }

  *without(others: ReadonlySet<Grant>): Steps<Grants> {
    return others.size === 0 ? this : yield* Grants.of(this.list.filter((grant) => !others.has(grant)));
  }
}

/** So ordered, whatever holds another filter stands before it: `#` at the end, then few levels, then many `+`. */
function* widestFirst(rulesOf: ReadonlyMap<string, ReadonlySet<number>>): Steps<Grant[]> {
  const byWidth = new Map<number, Grant[]>();
  let done = 0;
  for (const [filter, rules] of rulesOf) {
    if (++done % perStep === 0) yield;
    const levels = filterLevels(filter);
    const pluses = levels.filter((level) => level === '+').length;
    const width = ((levels.at(-1) === '#' ? 0 : 1) * 1000 + levels.length) * 1000 - pluses;
    const same = byWidth.get(width) ?? [];
    same.push({ filter, rules: [...rules] });
    byWidth.set(width, same);
  }
  return [...byWidth].sort(([one], [other]) => one - other).flatMap(([, grants]) => grants);
}
