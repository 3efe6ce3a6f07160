// Relations between topic filters, as sets of the topics they match (MQTT 5, 4.7).
// - `#` stands for its parent level too, so `a/#` holds `a`, and `+/#` is the same set as `#`.
// - A wildcard in the first level matches no topic that begins with `$`.
// - The empty topic counts as one, although no message has it: `+` and `/#` overlap by it. It errs towards denying.
// - Both filters must be valid; an invalid one is in no relation.

import { isTopicFilter } from '../../shared/model/topics.ts';

/** The levels of a filter, in the one form that its set of topics has. */
export function filterLevels(filter: string): readonly string[] {
  return filter === '+/#' ? ['#'] : filter.split('/');
}

/** Whether the text can be the topic of a message: a filter without wildcards. */
export const isTopicName = (topic: string): boolean => !wildcards.test(topic) && isTopicFilter(topic);

const wildcards = /[+#]/;

/** Whether two first levels exclude each other, since one is a wildcard and the other begins with `$`. */
export const dollarApart = (one: string | undefined, other: string | undefined): boolean =>
  (isWildcard(one) && other?.startsWith('$') === true) || (isWildcard(other) && one?.startsWith('$') === true);

const isWildcard = (level: string | undefined): boolean => level === '+' || level === '#';

/** Whether every topic that `inner` matches is matched by `outer`. */
export function filterCoversFilter(outer: string, inner: string): boolean {
  if (!isTopicFilter(outer) || !isTopicFilter(inner)) return false;
  const outerLevels = filterLevels(outer);
  const innerLevels = filterLevels(inner);
  if (dollarApart(outerLevels[0], innerLevels[0])) return false;
  for (const [i, level] of outerLevels.entries()) {
    if (level === '#') return true;
    const within = innerLevels[i];
    if (within === undefined || within === '#') return false;
    if (level !== '+' && level !== within) return false;
  }
  return outerLevels.length === innerLevels.length;
}

/** Whether some topic is matched by both filters. */
export function filtersOverlap(one: string, other: string): boolean {
  if (!isTopicFilter(one) || !isTopicFilter(other)) return false;
  const a = filterLevels(one);
  const b = filterLevels(other);
  if (dollarApart(a[0], b[0])) return false;
  for (let i = 0; i < a.length || i < b.length; i++) {
    if (a[i] === '#' || b[i] === '#') return true;
    if (a[i] === undefined || b[i] === undefined) return false;
    if (a[i] !== '+' && b[i] !== '+' && a[i] !== b[i]) return false;
  }
  return true;
}
