// Topics that stand for all topics of a filter.
// - A level that no rule names is matched by wildcards only, so a topic of such levels is matched by the fewest filters:
//   if any topic of a filter can be reached, or loses its right, then one of these does.
// - Where a filter ends in `#` every number of levels counts that some rule tells apart.
// - A subscription is different: the wider it is the fewer rules allow it and the more deny it. So it is narrowed only
//   where a deny is to be avoided, and there by a level that no rule names.

import { isTopicFilter } from '../../../shared/model/topics.ts';
import { dollarApart, filterLevels } from '../filters.ts';

/** The filter that matches what both match, as levels, or null where they share nothing. */
export function meetOfFilters(one: readonly string[], other: readonly string[]): readonly string[] | null {
  if (dollarApart(one[0], other[0])) return null;
  const met: string[] = [];
  for (let at = 0; ; at++) {
    const a = one[at];
    const b = other[at];
    if (a === '#') return [...met, ...other.slice(at)];
    if (b === '#') return [...met, ...one.slice(at)];
    if (a === undefined && b === undefined) return met;
    if (a === undefined || b === undefined) return null;
    if (a !== b && a !== '+' && b !== '+') return null;
    met.push(a === '+' ? b : a);
  }
}

/** `deepest` is the number of levels of the longest filter of all rules; `unnamed` a level that none names. */
export function witnessTopics(levels: readonly string[], unnamed: string, deepest: number): string[][] {
  const isOpen = levels.at(-1) === '#';
  const base = (isOpen ? levels.slice(0, -1) : levels).map((level) => (level === '+' ? unnamed : level));
  const topics = [base];
  if (isOpen) {
    for (let last = [...base, unnamed]; last.length <= deepest + 1; last = [...last, unnamed]) topics.push(last);
  }
  return topics.filter((topic) => isTopicFilter(topic.join('/')));
}

/** So many ways to narrow a filter at one depth are looked at; `isWhole` says whether there are no more. */
const maxWitnessSubscriptions = 512;

/** Subscriptions within a filter, the widest first. `denied` are the filters to avoid. */
export function witnessSubscriptions(
  levels: readonly string[],
  unnamed: string,
  denied: readonly (readonly string[])[],
): { readonly subscriptions: readonly (readonly string[])[]; readonly isWhole: boolean } {
  if (denied.length === 0) return { subscriptions: [levels], isWhole: true };
  const isOpen = levels.at(-1) === '#';
  const base = isOpen ? levels.slice(0, -1) : levels;
  const deepest = isOpen ? Math.max(base.length, ...denied.map(({ length }) => length)) + 1 : base.length;
  const found: string[][] = [];
  let prefixes: string[][] = [[]];
  for (let at = 0; at <= deepest; at++) {
    if (at >= base.length) found.push(...(isOpen ? prefixes.map((prefix) => [...prefix, '#']) : []), ...prefixes);
    const level = base[at] ?? '+';
    const isTold = level === '+' && denied.some((filter) => isName(filter[at]));
    prefixes = prefixes.flatMap((prefix) => (isTold ? ['+', unnamed] : [level]).map((next) => [...prefix, next]));
    if (prefixes.length > maxWitnessSubscriptions) return { subscriptions: validOf(found), isWhole: false };
  }
  return { subscriptions: validOf(found), isWhole: true };
}

const validOf = (filters: readonly string[][]) =>
  filters
    .map((levels) => levels.join('/'))
    .filter(isTopicFilter)
    .map(filterLevels);

const isName = (level: string | undefined): boolean => level !== undefined && level !== '+' && level !== '#';

/** What a client subscribes to, to ask for this filter: one that begins with `$share/` is asked for through a share. */
export const askedFor = (filter: string, unnamed: string): string =>
  filter.startsWith('$share/') ? `$share/${unnamed}/${filter}` : filter;
