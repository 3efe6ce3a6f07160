import { expect, it } from 'vitest';
import { readAclTable } from '../../../../electron/policy/acl-bridge/read-acl.ts';
import { RuleSet } from '../../../../electron/policy/decide.ts';
import { type Acl, type AclRule, createAclEvaluator } from '../../../../shared/model/mosquitto/acl.ts';
import { renderAcl } from '../../../../shared/model/mosquitto/acl-text.ts';
import { finish } from '../../../../shared/model/mosquitto/fault.ts';
import type { PolicyRule } from '../../../../shared/model/policy.ts';
import { documentOf, everyTopic } from '../../../support/policy-universe.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';

const read = (text: string) => finish(readAclTable(text));

it('reads a file line by line, and says where the rules have no word for it', () => {
  const { rows, faults } = read(
    [
      '# a comment',
      'topic read open',
      'user ada b',
      'topic a/#',
      'topic deny a/secret',
      'pattern write %u/x',
      'pattern deny z',
      'topic read %u',
      'nonsense',
    ].join('\n'),
  );
  expect(rows.map(({ line, who, access, topic, differences }) => [line, who.kind, access, topic, differences])).toEqual(
    [
      [2, 'anonymous', 'read', 'open', ['anonymous', 'faulty']],
      [4, 'user', 'readwrite', 'a/#', ['subscribe-unchecked']],
      [5, 'user', 'deny', 'a/secret', []],
      [6, 'everyone', 'write', '%u/x', ['substituted', 'everyone-but-some']],
      [7, 'everyone', 'deny', 'z', ['everyone-but-some', 'deny-may-lose']],
      [8, 'user', 'read', '%u', ['faulty']],
    ],
  );
  expect(rows.map(({ rule }) => rule !== null)).toEqual([false, true, true, false, false, false]);
  expect(rows[1]?.rule).toEqual({
    subjects: { ids: ['ada b'] },
    topics: ['a/#'],
    actions: ['subscribe', 'read', 'publish'],
    effect: 'allow',
  });
  expect(faults.map(({ line, effect }) => [line, effect])).toEqual([
    [2, 'misread'],
    [8, 'misread'],
    [9, 'refused'],
  ]);
});

it('says of every rule that allows a subscription that the broker looks at none', () => {
  const { rows } = read('user u\ntopic read a/#\ntopic write b\ntopic readwrite c\ntopic deny d\n');
  expect(rows.map(({ access, differences }) => [access, differences])).toEqual([
    ['read', ['subscribe-unchecked']],
    ['write', []],
    ['readwrite', ['subscribe-unchecked']],
    ['deny', []],
  ]);
});

it('says by rules what the lines of users say', () => {
  const random = new SeededRandom(9);
  const filters = ['a', 'b', 'a/#', '+/b', '#', 'a/+', 'a/b/#', '+'] as const;
  const accesses = ['read', 'write', 'readwrite', 'deny'] as const;
  for (let round = 0; round < 40; round++) {
    const lines = (): AclRule[] =>
      random.list(1 + random.below(5), () => ({ access: random.pick(accesses), topic: random.pick(filters) }));
    const acl: Acl = { blocks: ['i', 'j'].map((username) => ({ username, rules: lines() })), patterns: [] };
    const { rows } = read(renderAcl(acl));
    const file = createAclEvaluator(acl);
    const rules = new RuleSet(documentOf(rows.flatMap(({ rule }): PolicyRule[] => (rule ? [rule] : []))));
    for (const id of ['i', 'j', 'k']) {
      const subject = { type: 'service' as const, id, groups: [], scopes: ['s'] };
      for (const topic of everyTopic) {
        expect(rules.decide(subject, 'read', topic).allowed).toBe(file.mayRead(id, 'c', topic));
        expect(rules.decide(subject, 'publish', topic).allowed).toBe(file.mayWrite(id, 'c', topic));
      }
    }
  }
});
