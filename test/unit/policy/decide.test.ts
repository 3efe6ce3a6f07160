import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { RuleSet } from '../../../electron/policy/decide.ts';
import type { PolicyRule, PolicySubject } from '../../../shared/model/policy.ts';

const viewer: PolicySubject = { type: 'user', id: 'ann', groups: ['viewers'], scopes: [] };
const service: PolicySubject = { type: 'service', id: 'svc', groups: [], scopes: ['mqtt.write'] };
const nobody: PolicySubject = { type: 'nobody', id: 'x', groups: [], scopes: [] };

/** What is left on the heap after a collection. */
function liveBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

const ruleSet = (...rules: PolicyRule[]) =>
  new RuleSet({
    celine: {
      mqtt: { acl: { rules } },
      roles: { group_permissions: { admins: ['superuser'] }, scope_permissions: { 'mqtt.admin': ['superuser'] } },
    },
  });

const rules = ruleSet(
  { subjects: { groups: ['viewers'] }, topics: ['c/#'], actions: ['subscribe', 'read'] },
  { subjects: { types: ['user'] }, topics: ['c/alerts/critical'], actions: ['subscribe'], effect: 'deny' },
  { subjects: { types: ['service'], scopes: ['mqtt.write'] }, topics: ['c/events/#'], actions: '*' },
);

describe('a rule set', () => {
  it.each([
    [viewer, 'read', 'c/x', { allowed: true, reason: 'rule', rule: 0 }],
    [viewer, 'read', 'c/alerts/critical', { allowed: true, reason: 'rule', rule: 0 }],
    [viewer, 'publish', 'c/x', { allowed: false, reason: 'no-rule' }],
    [viewer, 'subscribe', 'c/events/#', { allowed: true, reason: 'rule', rule: 0 }],
    [viewer, 'subscribe', '$share/g/c/events/#', { allowed: true, reason: 'rule', rule: 0 }],
    [viewer, 'subscribe', 'c/#', { allowed: false, reason: 'rule', rule: 1 }],
    [viewer, 'subscribe', '$share/g/c/alerts/+', { allowed: false, reason: 'rule', rule: 1 }],
    [viewer, 'subscribe', '$share/g', { allowed: false, reason: 'invalid-topic' }],
    [viewer, 'subscribe', 'd/#/e', { allowed: false, reason: 'invalid-topic' }],
    [service, 'publish', 'c/events/1', { allowed: true, reason: 'rule', rule: 2 }],
    [service, 'publish', 'c/events/+', { allowed: false, reason: 'invalid-topic' }],
    [service, 'subscribe', 'c/+/1', { allowed: false, reason: 'no-rule' }],
    [nobody, 'read', 'c/x', { allowed: false, reason: 'nobody' }],
  ] as const)('answers %o %s %s', (subject, action, topic, decision) => {
    expect(rules.decide(subject, action, topic)).toEqual(decision);
  });

  it('gives nobody rights by a rule for everybody', () => {
    const open = ruleSet({ subjects: {}, topics: ['#'], actions: '*' });
    expect(open.decide(viewer, 'publish', 'a').allowed).toBe(true);
    expect(open.decide(nobody, 'publish', 'a').allowed).toBe(false);
    expect(open.decide(viewer, 'subscribe', '$SYS/#').allowed).toBe(false);
  });

  it('takes a condition that it does not know as unmet by an allow and as met by a deny', () => {
    const unknown = { organisations: ['o'] };
    const allow: PolicyRule = { subjects: {}, topics: ['#'], actions: '*' };
    expect(ruleSet({ ...allow, subjects: unknown }).decide(viewer, 'read', 'a').allowed).toBe(false);
    expect(ruleSet(allow, { ...allow, subjects: unknown, effect: 'deny' }).decide(viewer, 'read', 'a')).toEqual({
      allowed: false,
      reason: 'rule',
      rule: 1,
    });
  });

  it('names the first rule, of whichever subjects it is', () => {
    const all: Pick<PolicyRule, 'topics' | 'actions'> = { topics: ['a/#'], actions: '*' };
    const mixed = ruleSet(
      { ...all, subjects: { ids: ['other'] } },
      { ...all, subjects: { groups: ['viewers'] }, topics: ['b'] },
      { ...all, subjects: { ids: ['ann'] } },
      { ...all, subjects: { groups: ['viewers'] } },
      { ...all, subjects: { types: ['user'] }, topics: ['a/x'], effect: 'deny' },
      { ...all, subjects: { ids: ['ann'] }, topics: ['a/x'], effect: 'deny' },
    );
    expect(mixed.decide(viewer, 'read', 'a/b')).toEqual({ allowed: true, reason: 'rule', rule: 2 });
    expect(mixed.decide({ ...viewer, id: 'bob' }, 'read', 'a/b')).toEqual({ allowed: true, reason: 'rule', rule: 3 });
    expect(mixed.decide(viewer, 'subscribe', 'a/+')).toEqual({ allowed: false, reason: 'rule', rule: 4 });
  });

  it('compiles its rules once, however many subjects have a rule of their own', () => {
    const shared: PolicyRule = { subjects: { scopes: ['mqtt.write'] }, topics: ['a'], actions: ['publish'] };
    const everyone = Array.from({ length: 200 }, (_, i) => ({ ...service, id: `svc-${i}` }));
    const many = ruleSet(
      ...Array.from({ length: 2000 }, (_, i) => ({ ...shared, topics: [`plant/${i}/a/b/c`] })),
      ...everyone.map(({ id }, i): PolicyRule => ({ ...shared, subjects: { ids: [id] }, topics: [`own/${i}`] })),
    );
    const before = liveBytes();
    for (const [i, subject] of everyone.entries())
      expect(many.decide(subject, 'publish', `own/${i}`)).toEqual({ allowed: true, reason: 'rule', rule: 2000 + i });
    // A tree for each of them would be hundreds of megabytes.
    expect(liveBytes() - before).toBeLessThan(40 * 2 ** 20);
    expect(many.decide(service, 'publish', 'plant/7/a/b/c').allowed).toBe(true);
  });

  it('decides the same while it forgets subjects', () => {
    const small = new RuleSet(
      { celine: { mqtt: { acl: { rules: [{ subjects: { ids: ['1'] }, topics: ['a'], actions: '*' }] } } } },
      { maxSubjects: 1 },
    );
    for (const id of ['1', '2', '1', '3', '1'])
      expect(small.decide({ ...viewer, id }, 'read', 'a').allowed).toBe(id === '1');
  });

  it('does not count the slash before a group, on either side', () => {
    const interns = { ...viewer, groups: ['interns'] };
    const denying = ruleSet(
      { subjects: {}, topics: ['#'], actions: '*' },
      { subjects: { groups: ['/interns'] }, topics: ['#'], actions: '*', effect: 'deny' },
    );
    for (const subject of [interns, { ...interns, groups: ['/interns'] }])
      expect(denying.decide(subject, 'read', 'a')).toEqual({ allowed: false, reason: 'rule', rule: 1 });
    expect(denying.decide({ ...interns, groups: ['//interns'] }, 'read', 'a').allowed).toBe(true);
    expect(rules.decide({ ...viewer, groups: ['/viewers'] }, 'read', 'c/x').allowed).toBe(true);
    for (const key of ['admins', '/admins']) {
      const roles = { group_permissions: { [key]: ['superuser' as const] } };
      const set = new RuleSet({ celine: { mqtt: { acl: { rules: [] } }, roles } });
      for (const group of ['admins', '/admins'])
        expect(set.isSuperuser({ ...viewer, groups: [group] }), `${group} by ${key}`).toBe(true);
    }
  });

  it('knows a superuser by a group or a scope', () => {
    expect(rules.isSuperuser({ ...viewer, groups: ['admins'] })).toBe(true);
    expect(rules.isSuperuser({ ...service, scopes: ['mqtt.admin'] })).toBe(true);
    expect(rules.isSuperuser({ ...viewer, groups: ['constructor', 'viewers'] })).toBe(false);
    expect(rules.isSuperuser({ ...nobody, groups: ['admins'] })).toBe(false);
  });
});
