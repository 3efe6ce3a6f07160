import type { SeededRandom } from './seeded-random.ts';

const topicLevels = ['a', 'b', '', '$x'] as const;

/** Every topic of up to four levels of a small alphabet; `z` stands for all names that no filter says. */
export function everyTopic(): string[] {
  const all: string[][] = [];
  let last: string[][] = [[]];
  for (let depth = 0; depth < 5; depth++) {
    last = last.flatMap((levels) => [...topicLevels, 'z'].map((level) => [...levels, level]));
    all.push(...last);
  }
  return all.map((levels) => levels.join('/')).filter((topic) => topic !== '');
}

/** A valid filter of up to four levels. */
export function someFilter(random: SeededRandom): string {
  const levels = random.list(1 + random.below(3), () => random.pick([...topicLevels, '+', '+']));
  if (random.chance(0.35)) levels.push('#');
  const filter = levels.join('/');
  return filter === '' ? '#' : filter;
}

/** Whether all of `inner` is in `outer`. */
export const holdsAll = (outer: ReadonlySet<string>, inner: ReadonlySet<string>): boolean =>
  [...inner].every((topic) => outer.has(topic));

/** Whether something is in both. */
export const shareSome = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean =>
  [...one].some((topic) => other.has(topic));
