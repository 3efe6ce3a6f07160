import { describe, expect, it } from 'vitest';
import { filterCoversFilter, filterLevels, filtersOverlap, isTopicName } from '../../../electron/policy/filters.ts';
import { TopicIndex } from '../../../electron/policy/topic-index.ts';
import { filterMatchesTopic } from '../../../shared/model/topics.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { everyTopic, holdsAll, shareSome, someFilter } from '../../support/topic-choices.ts';

const topics = everyTopic();
const matched = new Map<string, Set<string>>();
function topicsOf(filter: string): Set<string> {
  const found = matched.get(filter) ?? new Set(topics.filter((topic) => filterMatchesTopic(filter, topic)));
  // The empty topic, of which filterMatchesTopic knows nothing.
  if (['#', '+', '+/#', '/#'].includes(filter)) found.add('');
  matched.set(filter, found);
  return found;
}

const random = new SeededRandom(7);
const pairs = random.list(1500, () => [someFilter(random), someFilter(random)] as const);

describe('the sets of topics that two filters match', () => {
  it('hold each other where every topic of one is one of the other', () => {
    const wrong = pairs.filter(
      ([outer, inner]) => filterCoversFilter(outer, inner) !== holdsAll(topicsOf(outer), topicsOf(inner)),
    );
    expect(wrong).toEqual([]);
    expect(pairs.filter(([outer, inner]) => filterCoversFilter(outer, inner)).length).toBeGreaterThan(50);
  });

  it('overlap where they have a topic in common', () => {
    const wrong = pairs.filter(([a, b]) => filtersOverlap(a, b) !== shareSome(topicsOf(a), topicsOf(b)));
    expect(wrong).toEqual([]);
  });

  it.each([
    ['a/#', 'a/+/b', true],
    ['a/#', 'a', true],
    ['a/+', 'a/#', false],
    ['+/#', '#', true],
    ['#', '$SYS/#', false],
    ['a/#/b', 'a', false],
  ])('%s covers %s: %s', (outer, inner, covers) => expect(filterCoversFilter(outer, inner)).toBe(covers));
});

it('is a topic name only without wildcards', () => {
  expect(['a/b', 'a/+', '#', 'a+', ''].map(isTopicName)).toEqual([true, false, false, false, false]);
});

it('finds in an index the first rule that the relations find one by one', () => {
  for (let round = 0; round < 300; round++) {
    const filters = random.list(8, () => someFilter(random));
    const index = new TopicIndex();
    for (const [i, filter] of filters.entries()) index.add(filter, i);
    const asked = someFilter(random);
    const first = (relation: (filter: string, asked: string) => boolean) => {
      const at = filters.findIndex((filter) => relation(filter, asked));
      return at < 0 ? Infinity : at;
    };
    expect([filters, asked, index.covering(filterLevels(asked)), index.overlapping(filterLevels(asked))]).toEqual([
      filters,
      asked,
      first(filterCoversFilter),
      first(filtersOverlap),
    ]);
  }
});
