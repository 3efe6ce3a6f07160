import { describe, expect, it } from 'vitest';
import { deadRules } from '../../../../electron/policy/analysis/dead-rules.ts';
import { difference, withoutRule } from '../../../../electron/policy/analysis/difference.ts';
import { explain } from '../../../../electron/policy/analysis/explanation.ts';
import { matrix } from '../../../../electron/policy/analysis/matrix.ts';
import type { PolicyDocument, PolicyRule, PolicySubject } from '../../../../shared/model/policy.ts';
import { filtersTakenApart } from '../../../support/filters-taken-apart.ts';
import { documentOf } from '../../../support/policy-universe.ts';

const viewer: PolicySubject = { type: 'user', id: 'ann', groups: ['viewers'], scopes: [] };
const read: PolicyRule = { subjects: { groups: ['viewers'] }, topics: ['c/#'], actions: ['subscribe', 'read'] };
const denyCritical: PolicyRule = { ...read, topics: ['c/alerts/critical'], effect: 'deny' };
const write: PolicyRule = {
  subjects: { types: ['service'], ids: ['svc'] },
  topics: ['c/status/+'],
  actions: ['publish'],
};
const document = documentOf([read, denyCritical, write]);

function ended<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

describe('an explanation', () => {
  it('names every rule that has a say, and what would be without it', () => {
    expect(ended(explain(document, viewer, 'read', 'c/alerts/critical'))).toEqual({
      decision: { allowed: false, reason: 'rule', rule: 1 },
      isSuperuser: false,
      allowing: [0],
      denying: [1],
      without: [
        { rule: 1, decision: { allowed: true, reason: 'rule', rule: 0 } },
        { rule: 0, decision: { allowed: false, reason: 'rule', rule: 1 } },
      ],
    });
  });

  it('is about what a shared subscription subscribes to', () => {
    const { allowing, denying, decision } = ended(explain(document, viewer, 'subscribe', '$share/x/c/#'));
    expect({ allowing, denying, decision }).toEqual({
      allowing: [0],
      denying: [1],
      decision: { allowed: false, reason: 'rule', rule: 1 },
    });
  });
});

it('a decision by very many rules is explained in short steps', () => {
  const rules = Array.from({ length: 1000 }, (_, i) => ({ ...read, topics: [`c/${i}`] }));
  const { most, all } = filtersTakenApart(explain(documentOf(rules), viewer, 'read', 'c/7'));
  expect(most).toBeLessThan(20);
  expect(all).toBeGreaterThan(rules.length);
});

it('a rule set without a rule is told by the decisions that change', () => {
  const { changes } = ended(difference(document, withoutRule(document, 1)));
  expect(changes.map(({ action, within, asked }) => [action, within, asked])).toEqual([
    ['subscribe', 'c/alerts/critical', 'c/alerts/critical'],
    ['read', 'c/alerts/critical', 'c/alerts/critical'],
  ]);
});

it('a difference names who becomes or ceases to be a superuser', () => {
  const withRoles = (roles: NonNullable<PolicyDocument['celine']['roles']>) => ({
    celine: { ...document.celine, roles },
  });
  const before = withRoles({ group_permissions: { admins: ['superuser'], both: ['superuser'] } });
  const after = withRoles({
    group_permissions: { '/both': ['superuser'] },
    scope_permissions: { x: ['read', 'superuser'] },
  });
  expect(ended(difference(before, after)).superusers).toEqual({
    gained: { groups: [], scopes: ['x'] },
    lost: { groups: ['admins'], scopes: [] },
  });
});

it('names that every decision is the same for are spoken of by one of them', () => {
  const ids = Array.from({ length: 30 }, (_, i) => `svc-${i}`);
  const before = documentOf([{ ...write, subjects: { ids } }]);
  const { changes, alike } = ended(difference(before, documentOf([])));
  expect(changes.map(({ subject }) => subject.id)).toEqual(['svc-0', 'svc-0']);
  expect(alike).toEqual([{ of: 'ids', name: 'svc-0', others: ids.slice(1, 21), more: 9 }]);
});

it('a difference that is too large to list says so', () => {
  const many = documentOf(Array.from({ length: 30 }, (_, i) => ({ ...read, topics: [`t${i}`] })));
  const { changes, isWhole } = ended(difference(documentOf([]), many, { maxChanges: 10, maxSteps: 1000 }));
  expect([changes.length, isWhole]).toEqual([5, false]);
});

it.each<[string, readonly PolicyRule[], unknown]>([
  ['duplicate', [read, { ...read, actions: ['read', 'subscribe'] }], [{ rule: 1, because: [0] }]],
  ['covered', [{ ...read, topics: ['c/+'] }, read], [{ rule: 0, because: [1] }]],
  ['denied', [read, { ...denyCritical, topics: ['#'] }], [{ rule: 0, because: [1] }]],
  ['nothing-to-deny', [read, { ...denyCritical, topics: ['d'] }], [{ rule: 1, because: [] }]],
  ['no-subject', [{ ...read, subjects: { types: ['service'], groups: ['viewers'] } }], [{ rule: 0, because: [] }]],
  ['unknown-condition', [{ ...read, subjects: { zone: 'x' } }], [{ rule: 0, because: [] }]],
  [
    'together',
    ['c', 'c/+/#', 'c/#'].map((topic): PolicyRule => ({ ...read, topics: [topic], actions: ['read'] })),
    [{ rule: 2, because: [0, 1] }],
  ],
])('a rule is without effect: %s', (reason, rules, expected) => {
  const dead = ended(deadRules(documentOf([...rules]))).rules;
  expect(dead).toEqual((expected as object[]).map((finding) => ({ ...finding, reason })));
});

it('a matrix has the subjects and topics that are asked for, and those that the rules name', () => {
  const { subjects, topics, allowed, omitted } = ended(matrix(document, { subjects: [viewer], topics: ['d'] }));
  expect(subjects.map(({ type, id, groups }) => [type, id, ...groups])).toEqual([
    ['user', 'ann', 'viewers'],
    ['user', 'any-id', 'any-group'],
    ['service', 'any-id'],
    ['user', 'any-id', 'viewers'],
    ['service', 'svc'],
  ]);
  expect(topics).toEqual([
    { filter: 'd', topic: 'd' },
    { filter: 'c/#', topic: 'c/any' },
    { filter: 'c/alerts/critical', topic: 'c/alerts/critical' },
    { filter: 'c/status/+', topic: 'c/status/any' },
  ]);
  expect(allowed).toEqual([
    [0, 2, 0, 3],
    [0, 0, 0, 0],
    [0, 0, 0, 0],
    [0, 2, 0, 3],
    [0, 0, 0, 4],
  ]);
  expect(omitted).toEqual({ subjects: 0, topics: 0 });
});
