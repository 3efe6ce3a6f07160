import { describe, expect, it } from 'vitest';
import { moveRule, namesOf, placeOfField, removeRule, ruleRows } from '../../../renderer/features/policy/rule-rows.ts';
import { formOf, keysBeside, withNewRule, withRule } from '../../../renderer/features/policy/rules/rule-form.ts';
import { emptyRules, exampleRules } from '../../../renderer/features/policy/starting-rules.ts';
import { deadWords, decisionWords, subjectWords, whoWords } from '../../../renderer/features/policy/words.ts';

const source = `{
  "celine": { "x": 1.0, "mqtt": { "acl": { "rules": [
    { "subjects": { "groups": ["a"], "zone": 7 }, "topics": [ "t/#" ], "actions": "*", "note": "n" },
    "no rule",
    { "topics": ["u"], "actions": ["read", "nonsense"], "effect": "deny" }
  ] } } }
}`;

describe('the rows of a text', () => {
  it('are all that stand in the list, whatever they are', () => {
    expect(ruleRows(source)?.map(({ index, rule }) => [index, typeof rule])).toEqual([
      [0, 'object'],
      [1, 'string'],
      [2, 'object'],
    ]);
    expect([ruleRows('{'), ruleRows('{"celine": {"mqtt": {"acl": {"rules": {}}}}}'), ruleRows('7')]).toEqual([
      null,
      null,
      null,
    ]);
    expect(namesOf(ruleRows(source) ?? [], 'groups')).toEqual(['a']);
  });

  it('are removed and moved without another byte changing', () => {
    expect(removeRule(source, 1)).toBe(source.replace(',\n    "no rule"', ''));
    expect(moveRule(source, 1, 0)).toBe(
      source.replace(',\n    "no rule"', '').replace('"rules": [\n    ', '"rules": [\n    "no rule",\n    '),
    );
  });
});

describe('a form', () => {
  const row = (index: number) => ruleRows(source)?.[index] ?? { index, rule: null };

  it('that is not touched leaves every byte', () => {
    for (const index of [0, 1]) expect(withRule(source, row(index), formOf(row(index).rule))).toBe(source);
  });

  it('writes what differs and keeps what it does not know', () => {
    const { rule } = row(0);
    expect(keysBeside(rule)).toEqual(['note', 'subjects.zone']);
    const form = {
      ...formOf(rule),
      groups: ['a', 'b'],
      topics: ' t/# \n\n v ',
      isAllActions: false,
      actions: ['read'] as const,
    };
    expect(withRule(source, row(0), form)).toBe(
      source.replace('["a"]', '["a", "b"]').replace('[ "t/#" ]', '["t/#", "v"]').replace('"*"', '["read"]'),
    );
    expect(withRule(source, row(0), { ...formOf(rule), groups: [] })).toBe(source.replace('"groups": ["a"], ', ''));
  });

  it('gives subjects to a rule that has none', () => {
    const text = withRule(source, row(2), { ...formOf(row(2).rule), ids: ['me'] });
    expect(ruleRows(text)?.[2]?.rule).toMatchObject({ subjects: { ids: ['me'] }, topics: ['u'], effect: 'deny' });
  });

  it('adds a rule, also as the first', () => {
    const form = { ...formOf(null), scopes: ['s'], topics: 't', actions: ['publish'] as const };
    expect(ruleRows(withNewRule(emptyRules, 0, form))?.[0]?.rule).toEqual({
      subjects: { scopes: ['s'] },
      topics: ['t'],
      actions: ['publish'],
      effect: 'allow',
    });
  });
});

it('finds the rule that a finding is about', () => {
  expect(placeOfField('celine.mqtt.acl.rules.2.topics.0')).toEqual({ rule: 2, words: 'Rule 3, topics, entry 1' });
  expect(placeOfField('celine.roles.more')).toEqual({ rule: null, words: 'celine.roles.more' });
});

it('says in words who, why and what for', () => {
  expect(ruleRows(exampleRules)?.map(({ rule }) => whoWords(Object(rule).subjects))).toEqual([
    'Those in admins',
    'Services with mqtt.write',
    'Users in viewers',
    'Services named svc-pipelines',
    'Users in viewers',
  ]);
  const unnamed = { id: 'any-id', group: 'any-group', scope: 'any-scope', level: 'any' };
  const anyUser = { type: 'user', id: 'any-id', groups: ['any-group'], scopes: [] } as const;
  expect(subjectWords(anyUser, unnamed)).toBe('Any other user');
  expect(subjectWords({ ...anyUser, groups: ['a', 'b'], scopes: ['s'] }, unnamed)).toBe('Users in a and b with s');
  expect(subjectWords({ ...anyUser, id: 'ann' }, unnamed)).toBe('User ann');
  const alike = [{ of: 'groups' as const, name: 'a', others: ['b'], more: 7 }];
  expect(subjectWords({ ...anyUser, groups: ['a'] }, unnamed, alike)).toBe('Users in a (or b or 7 more)');
  expect(decisionWords({ allowed: false, reason: 'rule', rule: 0 })).toBe('Denied by rule 1');
  expect(deadWords({ rule: 4, reason: 'together', because: [0, 1, 2] })).toContain('rules 1, 2 and 3');
});
