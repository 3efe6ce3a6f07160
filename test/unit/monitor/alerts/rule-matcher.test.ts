import { expect, test } from 'vitest';
import { RuleMatcher } from '../../../../electron/monitor/alerts/rule-matcher.ts';
import { alertRuleRow, plantId } from '../../../support/vault-rows.ts';

const matcherOf = (...filters: string[]) =>
  new RuleMatcher(
    filters.map((filter) =>
      alertRuleRow({
        ruleId: filter,
        condition: { kind: 'value', filter, pointer: '', direction: 'above', limit: 1, hysteresis: 0 },
      }),
    ),
  );
const rulesFor = (matcher: RuleMatcher, topic: string) =>
  matcher.interestIn(topic)?.values.map(({ ruleId }) => ruleId) ?? [];

test('rules of different depths match as their filters say, asked once or again', () => {
  const matcher = matcherOf('#', 'a', 'a/#', 'a/+', 'a/b/c', '+/b/#', '$SYS/#');
  for (const _ of [1, 2]) {
    expect(rulesFor(matcher, 'a')).toEqual(['#', 'a', 'a/#']);
    expect(rulesFor(matcher, 'a/b')).toEqual(['#', 'a/#', 'a/+', '+/b/#']);
    expect(rulesFor(matcher, 'a/b/c')).toEqual(['#', 'a/#', 'a/b/c', '+/b/#']);
    expect(rulesFor(matcher, 'a/b/c/d/e/f')).toEqual(['#', 'a/#', '+/b/#']);
    expect(rulesFor(matcher, '$SYS/x')).toEqual(['$SYS/#']);
  }
});

test('a topic of thousands of levels matches as any other, and none of it is taken for a plant', () => {
  const deep = '/x'.repeat(30_000);
  const matcher = matcherOf('a/#', 'a/x');
  expect(rulesFor(matcher, `a${deep}`)).toEqual(['a/#']);
  expect(matcher.interestIn(`cpi/${plantId('a')}/alarm${deep}`)).toBeUndefined();
});
