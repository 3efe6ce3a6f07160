// Filters that rules name, with the rules that name them.

import { dollarApart, filterLevels, filtersOverlap } from '../filters.ts';
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

/** A set of them that answers fast. Each filter stands in it once, in its one form. */
export class Grants {
  readonly list: readonly Grant[];
  readonly #index = new TopicIndex();

  constructor(grants: Iterable<Grant>) {
    const rulesOf = new Map<string, readonly number[]>();
    for (const { filter, rules } of grants) {
      const form = filterLevels(filter).join('/');
      rulesOf.set(form, [...new Set([...(rulesOf.get(form) ?? []), ...rules])]);
    }
    this.list = [...rulesOf].map(([filter, rules]) => ({ filter, rules })).sort(widestFirst);
    for (const [i, { filter }] of this.list.entries()) this.#index.add(filter, i);
  }

  /** Whether one of them holds all of the filter. */
  covers(filter: string): boolean {
    return this.#index.covering(filterLevels(filter)) !== Infinity;
  }

  overlapping(filter: string): Grant[] {
    if (this.#index.overlapping(filterLevels(filter)) === Infinity) return [];
    return this.list.filter((grant) => filtersOverlap(grant.filter, filter));
  }

  /** Without those that another one holds. */
  widest(): Grant[] {
    return this.list.filter(({ filter }, i) => this.#index.covering(filterLevels(filter)) === i);
  }

  without(others: readonly Grant[]): Grants {
    return new Grants(this.list.filter((grant) => !others.includes(grant)));
  }
}

/** So sorted, whatever holds another filter stands before it. */
function widestFirst({ filter: one }: Grant, { filter: other }: Grant): number {
  const [a, b] = [filterLevels(one), filterLevels(other)];
  const pluses = (levels: readonly string[]) => levels.filter((level) => level === '+').length;
  return (
    Number(b.at(-1) === '#') - Number(a.at(-1) === '#') ||
    a.length - b.length ||
    pluses(b) - pluses(a) ||
    (one < other ? -1 : 1)
  );
}
